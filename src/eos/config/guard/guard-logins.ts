import { createHash } from 'node:crypto'
import type { ConfigChange } from '../diff/diff.ts'

/** Who gets in by lines that a change adds, in words, each once: users without a password, logins that ask for none, and SSH keys by the fingerprint that `ssh-keygen -l` shows. A plan shows a key redacted, and whoever approves it has to know whose it is. */
export function openedLogins(changes: readonly ConfigChange[]): readonly string[] {
  return [...new Set(changes.flatMap(({ sign, line }) => (sign === '+' ? opensOf(line.split(/\s+/)) : [])))]
}

function opensOf(words: readonly string[]) {
  const [first = '', user = '', third = ''] = words
  if (first === 'username' && words.includes('nopassword', 2)) return [`${user} without a password`]
  if (first === 'username' && /^ssh-?key$/.test(third)) return [`${user} by ${keyNamed(words.slice(3))}`]
  if (first !== 'aaa' || user !== 'authentication') return []
  if (words.includes('allow-nopassword-remote-login')) return ['users without a password from another machine']
  return third === 'login' && words.at(-1) === 'none' ? ['anybody, where the login is by `none`'] : []
}

// `secondary` names a second key of a user; a key may also be in a file of the switch.
function keyNamed(words: readonly string[]) {
  const [kind = '', key = ''] = words[0] === 'secondary' ? words.slice(1) : words
  if (kind === 'file') return `the SSH keys in ${key}`
  const bytes = Buffer.from(key, 'base64')
  if (bytes.length < 16) return 'an SSH key that cannot be read'
  return `the SSH key SHA256:${createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '')}`
}
