const PAGE = /^\/charge\/([^/?#]+)\/?$/;
const BARE = /^[\w.~:*%+-]{1,48}$/;

/**
 * The charge point id in what a QR code says: our own address with it, or the bare id.
 * Null for anything else; a code of another site never leads anywhere.
 */
export function chargerCode(text: string, origin: string): string | null {
  const said = text.trim();
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(said)) return BARE.test(said) ? said : null;
  let address: URL;
  try {
    address = new URL(said);
  } catch {
    return null;
  }
  if (address.origin !== origin) return null;
  const found = PAGE.exec(address.pathname)?.[1];
  if (found === undefined) return null;
  try {
    return decodeURIComponent(found);
  } catch {
    return null;
  }
}
