import fc from 'fast-check'

const LEAVES = ['mtu 9000', 'no shutdown', 'description x ', 'ip address 10.0.0.1/31', '!! kept', 'exit', 'banner motd']
const ENTRIES = ['permit ip any any', 'deny ip any any', '10 permit tcp any any', 'ip community-list C permit 1:1']
const HEADERS = ['interface Ethernet1', 'router bgp 65001', 'vrf A', 'address-family ipv6', 'ip access-list X']
const TRIVIA = ['!', '', '! a remark', '   !', '  ']
const BODY = ['', '!', '! no comment', 'interface Ethernet9', '   indented', 'not EOF', 'trailing  ']

const leaf = fc.constantFrom(...LEAVES, ...ENTRIES).map((line) => [line])

const heredoc = fc
  .tuple(
    fc.constantFrom('banner login', 'comment', 'action bash', 'code unit X'),
    fc.array(fc.constantFrom(...BODY), { maxLength: 3 }),
    fc.constantFrom('EOF', '   EOF', '      EOF'),
  )
  .map(([line, body, terminator]) => [line, ...body, terminator])

const certificate = fc.constant(['protocol https certificate', 'CERTIFICATE', 'EOF', 'KEY', 'EOF'])

/** Siblings and their trivia, blocks nested up to `depth`, indented by steps of one to five. */
function siblings(depth: number): fc.Arbitrary<string[]> {
  const items = [leaf, leaf, heredoc, certificate]
  if (depth > 0) items.push(block(depth), block(depth), block(depth))
  const trivia = fc.array(fc.constantFrom(...TRIVIA), { maxLength: 2 })
  return fc.array(fc.tuple(trivia, fc.oneof(...items)), { maxLength: 6 }).map((rows) => rows.flat(2))
}

function block(depth: number): fc.Arbitrary<string[]> {
  return fc
    .tuple(fc.constantFrom(...HEADERS), fc.constantFrom(3, 3, 3, 1, 2, 5), siblings(depth - 1))
    .map(([header, step, rows]) => [header, ...rows.map((row) => (row === '' ? row : ' '.repeat(step) + row))])
}

/** Texts that look like EOS configurations and hold every trap: odd indents, repeated siblings, heredocs, stray `!`. */
export const eosText: fc.Arbitrary<string> = siblings(3).map((rows) => rows.map((row) => `${row}\n`).join(''))

/** Two such texts: unrelated ones, or one and an edit of it row by row. */
export const eosTextPair: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  fc.tuple(eosText, eosText),
  fc
    .tuple(eosText, fc.array(fc.tuple(fc.nat(), fc.constantFrom('drop', 'repeat', 'swap', 'new')), { maxLength: 6 }))
    .map(([text, edits]) => [text, edits.reduce((edited, [at, edit]) => edit1(edited, at, edit), text)] as const),
)

function edit1(text: string, at: number, edit: string): string {
  const rows = text.split('\n').slice(0, -1)
  const place = rows.length === 0 ? 0 : at % rows.length
  const row = rows[place] ?? 'mtu 1500'
  const next = rows[place + 1] ?? '!'
  if (edit === 'drop') rows.splice(place, 1)
  else if (edit === 'repeat') rows.splice(place, 0, row)
  else if (edit === 'swap') rows.splice(place, 2, next, row)
  else rows.splice(place, 0, `   new ${at}`)
  return rows.map((line) => `${line}\n`).join('')
}
