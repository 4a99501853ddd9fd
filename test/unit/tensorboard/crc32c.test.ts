import { expect, it } from "vitest";
import { crc32c } from "../../../extension/trainer/tensorboard/crc32c";

const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);

/** An iSCSI SCSI Read (10) Command PDU. */
const readCommand = Buffer.from(
  "01c000000000000000000000000000001400000000000400000000140000001828000000000000000200000000000000",
  "hex",
);

it.each([
  ["32 zeros", new Uint8Array(32), 0x8a9136aa],
  ["32 bytes of ones", new Uint8Array(32).fill(255), 0x62a8ab43],
  ["32 ascending bytes", ascending, 0x46dd794e],
  ["32 descending bytes", ascending.toReversed(), 0x113fdb5c],
  ["a command of iSCSI", readCommand, 0xd9963a56],
])("is that of RFC 3720, B.4: %s", (_, bytes, crc) => {
  expect(crc32c(bytes)).toBe(crc);
});
