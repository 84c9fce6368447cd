// A network that tg::write_header has no loops for: its layer and its operation are named.
// expected-error {{not_in_a_header<at_layer<1>, layer<Larger>, name<"gather">>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/upsample.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/runtime/header/contract.hpp"

struct Larger : tg::Upsample<2> {};
