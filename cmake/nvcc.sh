# Prints where an nvcc is that runs, or ends with status 1: in PATH, CUDA_PATH, CUDA_HOME or /usr/local/cuda.
# SPDX-License-Identifier: MIT
for name in nvcc "${CUDA_PATH:-/none}/bin/nvcc" "${CUDA_HOME:-/none}/bin/nvcc" /usr/local/cuda/bin/nvcc; do
  "$name" --version >/dev/null 2>&1 && command -v "$name" && exit 0
done
exit 1
