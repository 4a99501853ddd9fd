import { crc32 } from "node:zlib";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { readPickle } from "./pickle";
import { type Refusal, shownName } from "./refusal";
import { type OpenTorchFile, type Storage, tensorContext } from "./tensors";

const magic = Buffer.from("504b0304", "hex");

export function isZipFile(bytes: Buffer): boolean {
  return bytes.subarray(0, magic.length).equals(magic);
}

/**
 * Opens a file in PyTorch's format since 1.6: a zip with `NAME/data.pkl`, which is the pickle of the saved value, and `NAME/data/KEY` for
 * each storage. PyTorch does not compress them. So compressed and overlapping entries are refused, and a small file cannot expand to a
 * large one.
 */
export async function openZipFile(bytes: Buffer, refusal: Refusal): Promise<OpenTorchFile> {
  const entries = await entriesOf(bytes, refusal);
  const [pickle, ...more] = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickle === undefined || more.length > 0) return refusal.foreign("is a zip that torch.save did not write");
  const root = pickle.slice(0, -"data.pkl".length);
  const read = (name: string): Buffer => entries.get(name)?.() ?? refusal.broken(`it has no ${shownName(name)}`);
  if (entries.has(`${root}byteorder`) && read(`${root}byteorder`).toString("latin1").trim() !== "little")
    refusal.foreign("was written by a machine that is not little-endian");
  const { value } = readPickle(read(pickle), 0, tensorContext(refusal));
  return {
    value,
    bytesOf: (storage: Storage) => {
      const name = `${root}data/${storage.key}`;
      const found = read(name);
      if (found.length === storage.bytes) return found;
      return refusal.broken(`${shownName(name)} has ${found.length} bytes instead of ${storage.bytes}`);
    },
  };
}

/** A function for each entry, by its name, that reads it; all entries together are no longer than the file. */
async function entriesOf(bytes: Buffer, refusal: Refusal): Promise<ReadonlyMap<string, () => Buffer>> {
  const zip = await whole(fromBufferPromise(bytes, { lazyEntries: true }), refusal);
  const entries = await whole(listed(zip), refusal);
  const total = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (total > bytes.length) refusal.broken(`its entries would have ${total} bytes, the file has ${bytes.length}`);
  const readers = new Map<string, () => Buffer>();
  for (const entry of entries) {
    const name = entry.fileName;
    if (entry.compressionMethod !== 0 || entry.isEncrypted())
      refusal.foreign(`has ${shownName(name)} packed, which PyTorch does not do`);
    if (readers.has(name)) refusal.broken(`it has ${shownName(name)} twice`);
    const { fileDataStart: start } = await whole(zip.readLocalFileHeaderPromise(entry, { minimal: true }), refusal);
    readers.set(name, () => checked(bytes.subarray(start, start + entry.uncompressedSize), entry, refusal));
  }
  return readers;
}

async function listed(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  return entries;
}

function checked(content: Buffer, { crc32: sum, fileName }: Entry, refusal: Refusal): Buffer {
  return crc32(content) === sum ? content : refusal.broken(`the sum of ${shownName(fileName)} is wrong`);
}

/** Awaits a result of yauzl, and reports its errors as those of a damaged file. */
async function whole<T>(given: Promise<T>, refusal: Refusal): Promise<T> {
  try {
    return await given;
  } catch (error) {
    return refusal.broken(shownName(error instanceof Error ? error.message : String(error)));
  }
}
