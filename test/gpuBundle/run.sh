#!/bin/sh
# Measures the engine `webgpu` on this machine's GPU, without network: tests, a step's dispatches, time and bytes, and its time beside
# PyTorch's, where `python3` has one that uses the GPU. `./run.sh --gpu NAME` takes the GPU with that in its name, `--small` a small network.
set -u
cd "$(dirname "$0")/extension"
gpu="" size="--side 256 --width 64 --depth 9" full=1
while [ $# -gt 0 ]; do
  case "$1" in
    --gpu) gpu="$2"; shift ;;
    --small) size="--side 32 --width 8 --depth 9"; full="" ;;
    *) echo "run.sh knows --gpu NAME and --small, not $1" >&2; exit 2 ;;
  esac
  shift
done
top="$(cd .. && pwd)"
node="$top/node"
# The machine's own Vulkan loader, or that of the bundle; NVIDIA's driver is looked for by its library, as containers lack its manifest.
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$top/vulkan"
export VK_ADD_DRIVER_FILES="$top/vulkan/nvidia.json"
export REVGAN_CACHE="$top/cache" NVIDIA_TF32_OVERRIDE=0
export REVGAN_TEST_FIXTURES="$(cd dist/tests/fixtures && ls -d */ | tr -d / | tr '\n' ',' | sed 's/,$//')"
[ -n "$full" ] && export REVGAN_TEST_FULL=1
failed=0
part() { echo; echo "=== $1 ($(($(date +%s) - begun)) s)"; shift; "$@" || failed=1; }
begun=$(date +%s)
part "installation" "$node" dist/cli.js engine install --webgpu --from "$top"
part "engines" "$node" dist/cli.js engine status
# The first real GPU, unless one is named.
[ -n "$gpu" ] || gpu="$("$node" -p 'const line = require("child_process").execFileSync(process.execPath, ["dist/cli.js", "engine", "status", "--json"], { encoding: "utf8" }).split("\n").find((each) => each.includes("\"name\":\"webgpu\"")); (JSON.parse(line).adapters ?? []).find(({ kind }) => kind !== "software")?.name ?? ""')"
if [ -z "$gpu" ]; then echo "There is no GPU here; --gpu NAME also takes a processor that acts as one."; exit 1; fi
export REVGAN_TEST_WEBGPU="$gpu"
echo "GPU: $gpu"
for test in kernels pad fused step failures parity; do
  part "tests: $test" "$node" dist/tests/$test.js --test-reporter=spec > "$top/$test.log" 2>&1
  grep -E '^# (tests|pass|fail) |^ℹ (tests|pass|fail) ' "$top/$test.log" | tr '\n' ' ' | sed "s/^/$test: /"; echo
  grep -E '^not ok|^ +not ok|✖' "$top/$test.log" | head -20
done
part "a step" "$node" dist/bench.js "" webgpu $size --gpu "$gpu"
if python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then
  part "beside PyTorch" env REVGAN_BENCH_GPU="$gpu" REVGAN_BENCH_DEVICE=cuda "$node" dist/bench.js python3 gpu
else
  echo; echo "python3 has no PyTorch that uses the GPU: its steps are not measured"
fi
echo; echo "=== done after $(($(date +%s) - begun)) s, $([ $failed = 0 ] && echo all passed || echo something failed, see above)"
exit $failed
