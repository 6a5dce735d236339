import { url } from 'node:inspector'

/**
 * A warning while a debugger can attach to this process (`NODE_OPTIONS=--inspect`, SIGUSR1): whoever does reads every
 * secret and can send anything to a switch. Undefined while none can.
 */
export function inspectorWarning(): string | undefined {
  const open = url()
  if (open === undefined) return undefined
  return `warning: the inspector of Node listens at ${open.replace(/\/[^/]*$/, '')}: whoever attaches reads every secret; take --inspect out of NODE_OPTIONS\n`
}
