import { describe, expect, it } from "vitest";
import { explainExit } from "../../../extension/host/exitReason";

describe("a trainer that ended without saying why", () => {
  it("for lack of memory is to go on with less", () => {
    const { message, remedy } = explainExit({ code: null, signal: "SIGKILL", stderr: "" });
    expect(message).toBe("the trainer was killed by the system, most likely because memory ran out");
    expect(remedy).toContain("lower data.cropSize, training.batchSize or network.width");
    expect(remedy).toContain("resume from the checkpoint");
  });

  it("in another way is to go on as it was", () => {
    const { message, remedy } = explainExit({ code: 3, signal: null, stderr: "no such file\n" });
    expect(message).toBe("the trainer ended with exit code 3: no such file");
    expect(remedy).toBe("resume from the checkpoint; if it happens again, look into the log");
  });

  it("has the name of the program", () => {
    expect(explainExit({ code: 3, signal: null, stderr: "" }, "the command").message).toBe(
      "the command ended with exit code 3",
    );
  });
});
