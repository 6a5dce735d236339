import { hasChild } from '../../../config/text/tree.ts'
import type { ShowContext } from './define.ts'

/** Which routing stack a switch runs: it decides the shapes of BGP's JSON (docs/eos.md 7.2). */
export function protocolModel({ running }: ShowContext): 'ribd' | 'multi-agent' {
  return hasChild(running, 'service routing protocols model multi-agent') ? 'multi-agent' : 'ribd'
}
