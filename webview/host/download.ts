import { h } from "../ui/element";

/** Downloads a file that the page made. */
export function saveBytes(name: string, base64: string): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes]));
  saveAddress(name, address);
  // The download has its own hold on the bytes as soon as it began.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Downloads what the server has at an address. */
export function saveAddress(name: string, address: string): void {
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
}
