// A model on the GPU in a file that does not have that backend.
// expected-error {{backend_is_not_included<backend<tg::Cuda>>}}
#include <typegrad/typegrad.hpp>

struct Net : tg::Sequence<tg::Input<4>, tg::Linear<2>> {};
#ifdef FIXED
tg::Model<Net, tg::Cpu> model;
#else
tg::Model<Net, tg::Cuda> model;
#endif
