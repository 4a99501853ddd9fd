import * as vscode from "vscode";
import { type SettingName, type SettingValue, settingValue } from "./settings";

/** The value of a setting. @param file for settings that may differ by workspace folder */
export function setting<Name extends SettingName>(name: Name, file?: vscode.Uri): SettingValue<Name> {
  return settingValue(name, vscode.workspace.getConfiguration("revgan", file).get<unknown>(name));
}

/** Changes a user setting. */
export async function changeSetting<Name extends SettingName>(name: Name, value: SettingValue<Name>): Promise<void> {
  await vscode.workspace.getConfiguration("revgan").update(name, value, vscode.ConfigurationTarget.Global);
}

/** The environment of the extension's programs: that of this process, with the GPU that the user chose. */
export function trainerEnvironment(): NodeJS.ProcessEnv {
  const gpu = setting("gpu");
  return gpu === "" ? process.env : { ...process.env, REVGAN_GPU: gpu };
}
