/** A name with what the catalog remarks on it, as subjects of messages have it: `10.0.0.1 (spine1)`. */
export function remarked(name: string, description: string | null | undefined): string {
  return description ? `${name} (${description})` : name
}
