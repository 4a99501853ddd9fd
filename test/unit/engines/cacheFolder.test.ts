import { describe, expect, it } from "vitest";
import { cacheFolders } from "../../../extension/trainer/engines/cacheFolder";

const root = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform) => cacheFolders(env, platform, "/home/ada").root;

describe("cacheFolders", () => {
  it("takes REVGAN_CACHE before all else", () =>
    expect(root({ REVGAN_CACHE: "/big/disk", XDG_CACHE_HOME: "/x" }, "linux")).toBe("/big/disk"));
  it("takes XDG_CACHE_HOME when it is absolute", () => {
    expect(root({ XDG_CACHE_HOME: "/x" }, "linux")).toBe("/x/revgan");
    expect(root({ XDG_CACHE_HOME: "x" }, "linux")).toBe("/home/ada/.cache/revgan");
  });
  it("knows each system's place for caches", () => {
    expect(root({}, "linux")).toBe("/home/ada/.cache/revgan");
    expect(root({}, "darwin")).toBe("/home/ada/Library/Caches/revgan");
    expect(root({ LOCALAPPDATA: "/local" }, "win32")).toBe("/local/revgan");
  });
});
