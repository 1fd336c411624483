import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const WASM = new URL("zxing-wasm/reader/zxing_reader.wasm", import.meta.url).href;

prepareZXingModule({ overrides: { locateFile: () => WASM } });

/** The texts of the QR codes in a picture. The reader comes from this app, never from elsewhere. */
export async function readQrCodes(picture: ImageData): Promise<string[]> {
  const found = await readBarcodes(picture, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 2 });
  return found.filter((code) => code.isValid).map((code) => code.text);
}
