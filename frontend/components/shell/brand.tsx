/** The mark: a plug's two pins above a current that flows. */
export function Brand() {
  return (
    <span className="flex items-center gap-2.5 font-semibold tracking-tight">
      <svg viewBox="0 0 24 24" className="size-6 text-accent" aria-hidden>
        <rect x="1" y="1" width="22" height="22" rx="6" fill="currentColor" />
        <path
          d="M9 5v4M15 5v4M7 9h10v2.5a5 5 0 0 1-5 5 5 5 0 0 1-5-5zM12 16.5V20"
          fill="none"
          stroke="var(--on-accent)"
          strokeWidth="1.8"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      CSMS
    </span>
  );
}
