/** How long something has lasted, as ANTA says it: `1 day`, `3 hours and 5 minutes`, `less than a minute`. */
export function ageText(seconds: number): string {
  const ofDay = ((seconds % 86_400) + 86_400) % 86_400
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(ofDay / 3600), Math.floor(ofDay / 60) % 60]
  if (days > 0) return counted(days, 'day')
  const parts = [...(hours > 0 ? [counted(hours, 'hour')] : []), ...(minutes > 0 ? [counted(minutes, 'minute')] : [])]
  return parts.length === 0 ? 'less than a minute' : parts.join(' and ')
}

function counted(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`
}
