import { type ConfigTree, childAt, childLines, hasChild } from './text/tree.ts'

// The options of TerminAttr that say where it streams to: of one CloudVision, of one of several, and of before 2020 (docs/eos.md 7.4).
const ADDRESSES = /(?:^|\s)-(?:cvaddr|ingestgrpcurl|cvopt\s+[^\s.=]+\.addr)=(?<to>\S+)/g

// A name or an address with its port: nothing that could hold a secret.
const ADDRESS = /^[\w.:[\]-]{1,255}$/

/** Where the TerminAttr of a configuration streams to, each address once, as `198.51.100.20:9910`; empty where it does not run or streams nowhere. */
export function streamsTo(config: Pick<ConfigTree, 'children'>): readonly string[] {
  const daemon = childAt(config, 'daemon TerminAttr')
  if (daemon === undefined || !hasChild(daemon, 'no shutdown')) return []
  const runs = childLines(daemon).filter((line) => line.startsWith('exec '))
  const found = runs.flatMap((line) =>
    [...line.matchAll(ADDRESSES)].flatMap(({ groups }) => groups?.to?.split(',') ?? []),
  )
  return [...new Set(found)].filter((one) => ADDRESS.test(one))
}
