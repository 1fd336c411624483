const PAGE = /^\/charge\/([^/?#]+)\/?$/;
const BARE = /^[\w.~:*%+-]{1,48}$/;

/**
 * The charge point id in what a QR code says: an address of ours with it, or the bare id.
 * Null for anything else; a code of another site never leads anywhere.
 */
export function chargerCode(text: string, origins: readonly string[]): string | null {
  const said = text.trim();
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(said)) return BARE.test(said) ? said : null;
  let address: URL;
  try {
    address = new URL(said);
  } catch {
    return null;
  }
  if (!origins.includes(address.origin)) return null;
  const found = PAGE.exec(address.pathname)?.[1];
  if (found === undefined) return null;
  try {
    return decodeURIComponent(found);
  } catch {
    return null;
  }
}
