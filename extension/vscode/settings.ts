import * as vscode from "vscode";
import { type SettingName, type SettingValue, settingValue } from "./settingsTable";

/** The user's value of a setting, of a file's folder where it may differ by folder. */
export function setting<Name extends SettingName>(name: Name, file?: vscode.Uri): SettingValue<Name> {
  return settingValue(name, vscode.workspace.getConfiguration("revgan", file).get<unknown>(name));
}

/** Changes a setting for every workspace. */
export async function changeSetting<Name extends SettingName>(name: Name, value: SettingValue<Name>): Promise<void> {
  await vscode.workspace.getConfiguration("revgan").update(name, value, vscode.ConfigurationTarget.Global);
}
