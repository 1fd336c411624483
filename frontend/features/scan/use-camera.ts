"use client";

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

const PAUSE_MS = 120;
const PICTURE_MAX_PX = 960;

export type CameraState =
  | { step: "closed" | "opening" }
  | { step: "open"; hasTorch: boolean; isLit: boolean }
  | { step: "failed"; why: "denied" | "missing" | "insecure" | "busy" };

interface Camera {
  state: CameraState;
  open: () => void;
  close: () => void;
  light: () => void;
}

type TorchTrack = Omit<MediaStreamTrack, "getCapabilities"> & {
  getCapabilities?: () => MediaTrackCapabilities & { torch?: boolean };
};

/** The back camera in a video element; it closes once `onCode` has taken a text. */
export function useCamera(
  video: RefObject<HTMLVideoElement | null>,
  onCode: (text: string) => boolean,
): Camera {
  const [state, setState] = useState<CameraState>({ step: "closed" });
  const stream = useRef<MediaStream | null>(null);
  const heard = useRef(onCode);
  useEffect(() => {
    heard.current = onCode;
  }, [onCode]);

  const close = useCallback(() => {
    for (const track of stream.current?.getTracks() ?? []) track.stop();
    stream.current = null;
    setState({ step: "closed" });
  }, []);
  useEffect(() => close, [close]);

  const open = useCallback(() => {
    setState({ step: "opening" });
    void openStream().then(
      async (opened) => {
        const element = video.current;
        if (element === null) {
          for (const track of opened.getTracks()) track.stop();
          return;
        }
        stream.current = opened;
        element.srcObject = opened;
        await element.play();
        setState({ step: "open", hasTorch: hasTorch(opened), isLit: false });
        void read(element, () => stream.current === opened, (text) => {
          if (heard.current(text)) close();
        });
      },
      (error: unknown) => setState({ step: "failed", why: reasonOf(error) }),
    );
  }, [video, close]);

  const light = useCallback(() => {
    const track = stream.current?.getVideoTracks()[0];
    if (track === undefined || state.step !== "open") return;
    const isLit = !state.isLit;
    const wanted = { advanced: [{ torch: isLit }] } as unknown as MediaTrackConstraints;
    void track.applyConstraints(wanted).then(() => setState({ ...state, isLit }));
  }, [state]);

  return { state, open, close, light };
}

class InsecurePageError extends Error {}

async function openStream(): Promise<MediaStream> {
  if (!window.isSecureContext || navigator.mediaDevices === undefined) throw new InsecurePageError();
  const video = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
  return navigator.mediaDevices.getUserMedia({ audio: false, video });
}

function reasonOf(error: unknown) {
  if (error instanceof InsecurePageError) return "insecure";
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "missing" : "busy";
}

function hasTorch(stream: MediaStream): boolean {
  const track = stream.getVideoTracks()[0] as TorchTrack | undefined;
  return track?.getCapabilities?.().torch === true;
}

/** Reads picture after picture; the reader is loaded only now. */
async function read(
  video: HTMLVideoElement,
  isOpen: () => boolean,
  onCode: (text: string) => void,
): Promise<void> {
  const { readQrCodes } = await import("@/features/scan/qr-reader");
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  while (isOpen() && pen !== null) {
    if (video.videoWidth > 0) {
      const scale = Math.min(1, PICTURE_MAX_PX / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      const texts = await readQrCodes(pen.getImageData(0, 0, canvas.width, canvas.height));
      if (!isOpen()) return;
      if (texts[0] !== undefined) onCode(texts[0]);
    }
    await new Promise((resolve) => window.setTimeout(resolve, PAUSE_MS));
  }
}
