import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RevganError } from "../../extension/protocol/errors";
import { readWeights } from "../../extension/trainer/interop/weightsFiles";
import { seededRandom } from "../../extension/trainer/random";
import { sharedFolder } from "../support/commandLine";
import { extent } from "../support/full";
import { mutated } from "../support/mutated";
import { dict, floats, legacyFile, pickled, tensor, zipFile } from "../support/torchFiles";

/** How many mutated files are read. */
const cases = extent(600, 20_000);

/** What one file may take: seconds, and bytes by which this process grows. */
const limits = { seconds: 5, bytes: 2 ** 29 };

const folder = sharedFolder();

/** What two of torch.save's pickles hold, as sums guard it in a zip: changed before they are put into one, so that they are read. */
const contents = [pickled(dict({ a: tensor(), b: tensor({ key: "1", shape: [3, 2] }) })), pickleOf("types-legacy.pth")];
const storages = { "0": floats(2), "1": floats(6) };

/** The third pickle of a file of the older format: what was saved. */
function pickleOf(name: string): Buffer {
  const bytes = seed(name);
  const begin = bytes.indexOf("ccollections\nOrderedDict");
  return bytes.subarray(begin - 2, bytes.indexOf("\x80\x02]", begin, "latin1"));
}

function seed(name: string): Buffer {
  return readFileSync(join("test", "data", "pytorch", name));
}

const whole = ["types.pth", "types-legacy.pth", "types-protocol-4.pth", "checkpoint-model.pth"].map(seed);

it(
  `${cases} mutated files of weights are each read, or refused with a line that names them`,
  { timeout: 600_000 },
  async () => {
    const seen = { read: 0, refused: 0, slowest: 0 };
    const file = join(folder, "weights.pth");
    const before = process.resourceUsage().maxRSS;
    for (let i = 0; i < cases; i++) {
      const draw = seededRandom(1, "fuzz weights", i);
      const make = draw.integer(whole.length + 2);
      const content = mutated(contents[draw.integer(contents.length)]!, draw);
      const bytes =
        make < whole.length
          ? mutated(whole[make]!, draw)
          : (make === whole.length ? zipFile : legacyFile)(content, storages);
      writeFileSync(file, bytes);
      const since = performance.now();
      try {
        for (const { tensors } of (await readWeights(file)).files)
          for (const { shape, data } of tensors.values())
            expect(data.length).toBe(shape.reduce((product, side) => product * side, 1));
        seen.read += 1;
      } catch (error) {
        if (!(error instanceof RevganError)) throw error;
        expect(error.code).toBe("checkpoint");
        expect(error.message).toContain(file);
        expect(`${error.message}${error.remedy}`).not.toMatch(/\p{Cc}/u);
        seen.refused += 1;
      }
      seen.slowest = Math.max(seen.slowest, (performance.now() - since) / 1000);
    }
    const grown = 1024 * (process.resourceUsage().maxRSS - before);
    console.log(
      `${seen.read} read, ${seen.refused} refused; slowest ${seen.slowest.toFixed(2)} s; grown by ${Math.round(grown / 1e6)} MB`,
    );
    // A mutation that no reader notices, and none that all refuse, would try nothing.
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(cases / 40);
    expect(seen.slowest).toBeLessThan(limits.seconds);
    expect(grown).toBeLessThan(limits.bytes);
  },
);
