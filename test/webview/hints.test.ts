import { afterAll, expect, test } from "vitest";
import type { StepLine } from "../../extension/protocol/lines";
import { expectNoFaultsInAnyTheme } from "./support/everyTheme";
import { eventually, focusedName, opened } from "./support/opened";
import { encoded, withHints, wonSteps } from "./support/hints";
import { closeBrowser, type OpenPage } from "./support/page";
import { exampleSnapshot, exampleView, stepLines } from "./support/runs";

afterAll(closeBrowser);

const hint = (open: OpenPage) => open.page.getByRole("region", { name: "Hint", exact: true });
const reason = (open: OpenPage): Promise<string> => hint(open).locator(".hint-reason").innerText();
const won = "The discriminator of labels has won: over the last 256 steps its loss is 0.021, the generator's 0.91.";
const risen = "The distance from real pictures has risen from 10.0 around step 180 to 14.0.";

test("a healthy run has no hint", async () => {
  const open = await opened();
  await open.page.locator("canvas").first().waitFor();
  expect(await hint(open).count()).toBe(0);
});

test("a hint tells its reason in the run's figures, and on demand what to try", async () => {
  const open = await opened({ snapshot: withHints(exampleSnapshot()) });
  await hint(open).waitFor();
  expect(await reason(open)).toBe(won);
  const advice = hint(open).getByText("a smaller network.discriminator.width");
  expect(await advice.isVisible()).toBe(false);
  await hint(open).getByRole("button", { name: "What to try" }).click();
  await advice.waitFor();
  await expectNoFaultsInAnyTheme(open);
});

test("a dismissed hint makes way for the next, and stays away from its run after a reload, but from no other", async () => {
  const open = await opened({ snapshot: withHints(exampleSnapshot()) });
  await hint(open).getByRole("button", { name: "What to try" }).click();
  await open.page.keyboard.press("Tab");
  await open.page.keyboard.press("Enter");
  await eventually("the next hint", async () => (await reason(open)) === risen);
  expect(await focusedName(open)).toBe("What to try");
  expect(await hint(open).getByText("The training may have become unstable").isVisible()).toBe(false);
  await open.page.reload();
  await hint(open).waitFor();
  expect(await reason(open)).toBe(risen);
  await open.send({ ...withHints(exampleSnapshot({ id: "/data/runs/other" })) });
  await eventually("the hint of the other run", async () => (await reason(open)) === won);
});

test("a hint keeps what was opened while it holds, and goes when it does not", async () => {
  const open = await opened({ snapshot: withHints(exampleSnapshot()) });
  await hint(open).getByRole("button", { name: "What to try" }).click();
  const { validations } = withHints(exampleSnapshot()).shown!;
  const send = (from: number, lines: readonly StepLine[], rest = validations): Promise<void> =>
    open.send({
      type: "steps",
      run: exampleView().run.id,
      from,
      steps: encoded(lines),
      lastStepLine: lines.at(-1)!,
      validations: rest,
    });
  await send(
    640,
    wonSteps(641, 960).map((line) => ({ ...line, losses: { ...line.losses, D_A: 0.0321 } })),
  );
  await eventually("the new loss", async () => (await reason(open)) === won.replace("0.021", "0.032"));
  expect(await hint(open).getByText("a smaller network.discriminator.width").isVisible()).toBe(true);
  await send(960, stepLines(961, 1300));
  await eventually("the other hint", async () => (await reason(open)) === risen);
  await send(1300, stepLines(1301, 1310), []);
  await eventually("no hint", async () => !(await hint(open).isVisible()));
});
