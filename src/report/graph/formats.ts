import { graphDot } from './dot.ts'
import { graphMermaid } from './mermaid.ts'

/** The graph of a machine, by the format that `--graph` names. */
export const graphAs = { mermaid: graphMermaid, dot: graphDot } as const
