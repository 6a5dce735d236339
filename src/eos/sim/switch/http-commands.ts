import { type ConfigNode, type ConfigTree, childAt, hasChild, restOf } from '../../config/text/tree.ts'

// Minutes a session cookie lives: the default, and the most that EOS allows (docs/eos.md 1.1).
const COOKIE_MINUTES = 1440

/** Minutes a session cookie lives: `session timeout N` of `management api http-commands`. */
export function sessionMinutes(tree: ConfigTree): number {
  const minutes = Number(valueIn(httpCommands(tree), 'session timeout ') ?? COOKIE_MINUTES)
  return minutes >= 1 && minutes <= COOKIE_MINUTES ? minutes : COOKIE_MINUTES
}

/** Whether eAPI is served over HTTPS, as it is by default. */
export function httpsOn(tree: ConfigTree): boolean {
  return !hasChild(httpCommands(tree), 'no protocol https')
}

/** Whether a client may log in with a certificate: eAPI uses an SSL profile, and that profile trusts certificates (`management security`, `ssl profile P`, `trust certificate FILE`). */
export function trustsClientCertificates(tree: ConfigTree): boolean {
  const profile = valueIn(httpCommands(tree), 'protocol https ssl profile ')
  if (profile === undefined) return false
  return (
    valueIn(childAt(childAt(tree, 'management security'), `ssl profile ${profile}`), 'trust certificate ') !== undefined
  )
}

function httpCommands(tree: ConfigTree) {
  return childAt(tree, 'management api http-commands')
}

function valueIn(block: ConfigNode | undefined, head: string) {
  return restOf(block?.children ?? [], head)
}
