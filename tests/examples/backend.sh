#!/usr/bin/env bash
# What examples say of --backend: backend.sh program… An unknown name lists the choices; `cuda` trains, or says whether
# build, driver or device is missing; and status 1 goes with it.
set -u
bad=0
fail() { echo "$program $arguments: $1"; echo "$output"; bad=1; }
for program in "$@"; do
  arguments="--backend tpu"
  output=$("$program" $arguments 2>&1)
  [ $? = 1 ] || fail "its status is not 1"
  grep -q "^--backend: there is no 'tpu', expected cpu or cuda$" <<<"$output" || fail "it does not list the choices"

  arguments="--backend cuda --epochs 1 --samples 256"
  if output=$("$program" $arguments 2>&1); then
    grep -q "^test accuracy" <<<"$output" || fail "it does not learn"
  else
    [ $? = 1 ] || fail "its status is not 1"
    grep -E "^--backend cuda: (this program was built without CUDA: .*nvcc.*-DTYPEGRAD_CUDA=ON|no NVIDIA driver: .|the NVIDIA driver is older .*install|no GPU: .|this program was built for other GPUs: .)" \
      <<<"$output" || fail "it does not say what is missing"
  fi
done
exit $bad
