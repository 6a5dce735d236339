export interface TextBodies {
  readonly raw: string
  readonly bodies: string[][]
  missing: number
}

const ONE_BODY = /^(banner \S+|comment|action bash|code unit \S+)$/
const TWO_BODIES = 'protocol https certificate'

/**
 * How many bodies, each closed by a line `EOF`, follow a command: 0 for most, 1 for banners, mode comments,
 * `action bash` with nothing behind it and routing control functions, 2 for a certificate with its key.
 *
 * @param line the command, without indentation and trailing blanks
 * @param parentLine the command it stands under, undefined at the root
 *
 * Source: docs/eos.md 4.2; `action bash` and `code unit` as configurations rendered by arista.avd show them.
 */
export function heredocBodies(line: string, parentLine: string | undefined): 0 | 1 | 2 {
  if (ONE_BODY.test(line) || (line === 'code' && parentLine === 'control-functions')) return 1
  return line === TWO_BODIES ? 2 : 0
}

/** Whether a raw line closes a heredoc body; EOS indents `EOF` as deep as it likes. */
export function isTerminator(raw: string): boolean {
  return raw.trim() === 'EOF'
}

/** The texts of a command as they are printed: at the first column, or as deep as `code`, or a level deeper than `action bash` (docs/eos.md 4.2). */
export function printedBodies(
  line: string,
  bodies: readonly (readonly string[])[],
  depth: number,
): readonly (readonly string[])[] {
  if (line.startsWith('banner ') || line === 'comment' || bodies.length > 1) return bodies
  const margin = '   '.repeat(line.startsWith('code') ? depth : depth + 1)
  return bodies.map((rows) => rows.map((row) => margin + row))
}
