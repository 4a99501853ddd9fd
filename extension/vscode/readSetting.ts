import * as vscode from "vscode";
import { type SettingName, type SettingValue, settingValue } from "./settings";

/** The value of a setting. @param file a file whose workspace folder decides, for settings that can differ between workspace folders */
export function setting<Name extends SettingName>(name: Name, file?: vscode.Uri): SettingValue<Name> {
  return settingValue(name, vscode.workspace.getConfiguration("revgan", file).get<unknown>(name));
}

/** Changes a user setting. */
export async function changeSetting<Name extends SettingName>(name: Name, value: SettingValue<Name>): Promise<void> {
  await vscode.workspace.getConfiguration("revgan").update(name, value, vscode.ConfigurationTarget.Global);
}

/** The environment for the extension's programs: that of this process, with `REVGAN_GPU` set to the GPU that the user chose, if any. */
export function trainerEnvironment(): NodeJS.ProcessEnv {
  const gpu = setting("gpu");
  return gpu === "" ? process.env : { ...process.env, REVGAN_GPU: gpu };
}
