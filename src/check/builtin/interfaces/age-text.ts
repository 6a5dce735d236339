const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** How long something has lasted, in its largest whole unit: `1 day`, `3 hours`, `0 seconds`. */
export function ageText(seconds: number): string {
  const [unit, length] = UNITS.find((one) => seconds >= one[1]) ?? ['second', 1]
  const whole = Math.max(0, Math.floor(seconds / length))
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`
}
