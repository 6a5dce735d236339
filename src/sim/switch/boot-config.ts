import type { ConfigTree } from '../../config/tree.ts'
import type { ConfigFrame } from './config-frame.ts'

/** What the file boot-config says, as `boot` lines write it: each acts at once. */
export interface BootConfig {
  /** The image of the next boot: `flash:/EOS.swi`. */
  system: string | undefined
  /** The password of Aboot as it was typed: `sha512 $6$…`. */
  secret: string | undefined
}

/** What a switch has that boots a configuration: the image of its comment or line, the password of its line. */
export function bootConfig({ header }: ConfigFrame, { children }: ConfigTree): BootConfig {
  const lines = [...header.map((row) => row.replace(/^! /, '')), ...children.map(({ line }) => line)]
  const typed = (what: string): string | undefined =>
    lines.find((line) => line.startsWith(`boot ${what} `))?.slice(`boot ${what} `.length)
  return { system: typed('system'), secret: typed('secret') }
}
