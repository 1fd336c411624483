"use client";

import { type KeyboardEvent, type PointerEvent, useId, useState } from "react";

export interface Point {
  at: number;
  value: number;
}

interface ChartProps {
  label: string;
  points: Point[];
  formatValue: (value: number) => string;
  formatTime: (at: number) => string;
  color: string;
  /** The top of the scale where it is given by nature, such as 100 %. */
  highest?: number;
}

const WIDTH = 640;
const HEIGHT = 180;
const TOP = 12;
const BOTTOM = 22;

/** A round figure at or above the greatest value, so that the grid reads well. */
function ceiling(value: number): number {
  if (value <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 1.5, 2, 3, 4, 5, 7.5, 10];
  return (steps.find((step) => step * size >= value) ?? 10) * size;
}

/** One measured quantity over time; arrow keys and the pointer read single values. */
export function LineChart(props: ChartProps) {
  const { label, points, formatValue, formatTime, color } = props;
  const id = useId();
  const [chosen, setChosen] = useState<number | null>(null);
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  const span = Math.max(last.at - first.at, 1);
  const lowest = Math.min(0, ...points.map((point) => point.value));
  const highest = props.highest ?? ceiling(Math.max(...points.map((point) => point.value)));
  const x = (point: Point) => ((point.at - first.at) / span) * WIDTH;
  const y = (value: number) =>
    HEIGHT - BOTTOM - ((value - lowest) / (highest - lowest)) * (HEIGHT - TOP - BOTTOM);
  const line = points.map((point) => `${x(point).toFixed(1)},${y(point.value).toFixed(1)}`).join(" ");
  const read = points[chosen ?? points.length - 1] ?? last;

  const onMove = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = first.at + ((event.clientX - box.left) / box.width) * span;
    const distances = points.map((point) => Math.abs(point.at - at));
    setChosen(distances.indexOf(Math.min(...distances)));
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (chosen ?? points.length - 1) + step;
    setChosen(Math.max(0, Math.min(points.length - 1, next)));
  };
  return (
    <figure>
      <figcaption className="mb-2 flex items-baseline justify-between gap-3">
        <span id={id} className="text-[0.8125rem] text-muted">
          {label}
        </span>
        <span aria-live="polite">
          <strong className="font-semibold">{formatValue(read.value)}</strong>{" "}
          <span className="text-[0.8125rem] text-muted">{formatTime(read.at)}</span>
        </span>
      </figcaption>
      <p className="text-[0.75rem] text-muted" aria-hidden>
        {formatValue(highest)}
      </p>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-labelledby={id}
        tabIndex={0}
        preserveAspectRatio="none"
        className="h-44 w-full touch-pan-y rounded"
        onPointerMove={onMove}
        onPointerLeave={() => setChosen(null)}
        onKeyDown={onKey}
      >
        {[lowest, (lowest + highest) / 2, highest].map((value) => (
          <line
            key={value}
            x1={0}
            x2={WIDTH}
            y1={y(value)}
            y2={y(value)}
            stroke="var(--line)"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        <polygon
          points={`0,${y(Math.max(0, lowest))} ${line} ${WIDTH},${y(Math.max(0, lowest))}`}
          fill={color}
          opacity={0.12}
        />
        <polyline
          points={line}
          fill="none"
          stroke={color}
          strokeWidth={2}
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
        <line
          x1={x(read)}
          x2={x(read)}
          y1={TOP}
          y2={HEIGHT - BOTTOM}
          stroke={chosen === null ? "transparent" : "var(--line-strong)"}
          strokeDasharray="3 3"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <div className="-mt-4 flex justify-between text-[0.75rem] text-muted">
        <span>{formatTime(first.at)}</span>
        <span>{formatTime(last.at)}</span>
      </div>
    </figure>
  );
}
