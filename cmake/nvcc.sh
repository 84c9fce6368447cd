# Prints where nvcc is, or ends with status 1: in PATH, CUDA_PATH, CUDA_HOME or /usr/local/cuda.
# SPDX-License-Identifier: MIT
for name in nvcc "${CUDA_PATH:-/none}/bin/nvcc" "${CUDA_HOME:-/none}/bin/nvcc" /usr/local/cuda/bin/nvcc; do
  command -v "$name" && exit 0
done
exit 1
