/** An interface in messages, with the description that the switch tells of it. */
export function describedInterface(name: string, description: string | undefined): string {
  return `Interface: ${name}${description ? ` Description: ${description}` : ''}`
}
