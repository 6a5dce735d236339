import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkpointSigner } from '../../../src/journal/audit/checkpoint-key.ts'
import { checkpointLine, headerLine, readExport, recordLine } from '../../../src/journal/audit/jsonl.ts'
import { checkpointNotesIn, faultOf, testimonyOf } from '../../../src/journal/audit/witness.ts'
import { type ChainRow, chainRows, genesis } from '../../../src/journal/chain.ts'
import { signingKeyOf } from '../../../src/model/ed25519.ts'

const ORIGIN = 'eosflow.audit/db-01'
const signer = checkpointSigner(signingKeyOf(Buffer.alloc(32, 1)))
const other = checkpointSigner(signingKeyOf(Buffer.alloc(32, 2)))

const bodies = Array.from({ length: 6 }, (_, at) => `{"at":"2026-01-05T08:00:0${at}.000Z","seq":${at + 1},"x":"ü"}`)
const rows = chainRows(genesis(ORIGIN), bodies)
const header = headerLine(ORIGIN, genesis(ORIGIN)).trimEnd()
const lines = rows.map((row) => recordLine(row).trimEnd())
const noteOf = (row: ChainRow | undefined, by = signer): string =>
  row === undefined ? '' : by.sign({ origin: ORIGIN, ...row }, '2026-01-05T09:00:00.000Z').note
const pointOf = (seq: number) => rows[seq - 1] ?? genesis(ORIGIN)

/** The fault of an export by its chain and the checkpoints in it and outside of it, all signed with one key. */
function faultIn(exported: readonly string[], anchors: readonly string[] = []) {
  const read = readExport(exported)
  if (read === undefined) return 'no export'
  const heard = [
    testimonyOf(read.notes, 'the export', { origin: ORIGIN, verifier: signer }),
    testimonyOf(anchors, 'worm', { origin: ORIGIN, verifier: signer }),
  ]
  const doubt = heard.find(({ fault }) => fault !== undefined)?.fault
  return (
    faultOf(
      read,
      heard.flatMap(({ witnesses }) => witnesses),
    ) ?? doubt
  )
}

/** The rows written anew from `seq` on, with fresh hashes, by somebody who has no key. */
function rewritten(seq: number): readonly string[] {
  const forged = bodies.slice(seq - 1).map((body) => body.replace('ü', 'forged'))
  return [...lines.slice(0, seq - 1), ...chainRows(pointOf(seq - 1), forged).map((row) => recordLine(row).trimEnd())]
}

describe('the form of an export', () => {
  test('is the body byte for byte and the hash of the chain, computed here apart', () => {
    const sha = (...parts: readonly (string | Uint8Array)[]): Buffer => {
      const digest = createHash('sha256')
      for (const part of parts) digest.update(part)
      return digest.digest()
    }
    let link = sha(`eosflow-audit-v1\0${ORIGIN}`)
    expect(JSON.parse(header)).toEqual({
      kind: 'eosflow.audit',
      v: 1,
      origin: ORIGIN,
      after: 0,
      hash: link.toString('hex'),
    })
    for (const [index, line] of lines.entries()) {
      const position = Buffer.alloc(8)
      position.writeBigUInt64BE(BigInt(index + 1))
      link = sha(Buffer.from([1]), position, link, sha(bodies[index] ?? ''))
      expect(line).toBe(`{"body":${bodies[index]},"hash":"${link.toString('hex')}"}`)
    }
  })

  test('is read to its end', () => {
    const read = readExport([header, ...lines, checkpointLine(noteOf(rows[5])).trimEnd()])
    expect(read).toMatchObject({
      origin: ORIGIN,
      end: { seq: 6, hash: rows[5]?.hash },
      latest: '2026-01-05T08:00:05.000Z',
    })
    expect(read?.notes).toEqual([noteOf(rows[5])])
    expect(read?.fault).toBeUndefined()
    expect(read?.timeOf(3)).toBe('2026-01-05T08:00:02.000Z')
  })

  test('a part of the chain is read from where it begins', () => {
    const read = readExport([headerLine(ORIGIN, pointOf(3)).trimEnd(), ...lines.slice(3)])
    expect(read).toMatchObject({ start: { seq: 3 }, end: { seq: 6 } })
    expect(read?.fault).toBeUndefined()
  })

  test.each([
    ['no line', []],
    ['no head', lines],
    ['a head of another kind', [header.replace('eosflow.audit"', 'other"'), ...lines]],
    ['a head of another version', [header.replace('"v":1', '"v":2'), ...lines]],
  ])('is none with %s', (_name, exported) => {
    expect(readExport(exported)).toBeUndefined()
  })

  test.each([
    [
      'what was sent twice',
      [header, ...lines.slice(0, 4), headerLine(ORIGIN, pointOf(2)).trimEnd(), ...lines.slice(2)],
    ],
    ['everything twice', [header, ...lines, header, ...lines]],
    [
      'a half line of a killed process',
      [header, ...lines.slice(0, 2), '{"body":{"at"', headerLine(ORIGIN, pointOf(2)).trimEnd(), ...lines.slice(2)],
    ],
    ['empty lines', [header, '', ...lines, '']],
  ])('holds with %s', (_name, exported) => {
    expect(readExport(exported)).toMatchObject({ end: { seq: 6 } })
    expect(faultIn(exported)).toBeUndefined()
  })
})

describe('an export that was tampered with', () => {
  const swapped = [header, lines[0] ?? '', lines[2] ?? '', lines[1] ?? '', ...lines.slice(3)]
  test.each<[string, readonly string[], number, RegExp]>([
    ['an edited body', [header, ...lines.map((line, at) => (at === 2 ? line.replace('ü', 'u') : line))], 3, /altered/],
    [
      'an edited hash',
      [header, ...lines.map((line, at) => (at === 2 ? line.replace(/hash":"./, 'hash":"g') : line))],
      3,
      /cannot be read/,
    ],
    ['a deleted record', [header, ...lines.filter((_line, at) => at !== 2)], 3, /missing/],
    ['a deleted first record', [header, ...lines.slice(1)], 1, /missing/],
    ['two swapped records', swapped, 2, /missing/],
    ['a line of something else', [header, ...lines.slice(0, 2), 'hello', ...lines.slice(2)], 3, /cannot be read/],
    [
      'a gap between two deliveries',
      [header, ...lines.slice(0, 2), headerLine(ORIGIN, pointOf(4)).trimEnd(), ...lines.slice(4)],
      3,
      /missing/,
    ],
    [
      'a delivery of another store',
      [header, ...lines, headerLine('other', pointOf(6)).trimEnd()],
      7,
      /another store, other/,
    ],
    [
      'a delivery from another point',
      [header, ...lines, headerLine(ORIGIN, { seq: 2, hash: pointOf(3).hash }).trimEnd()],
      2,
      /not this one/,
    ],
    ['a last line written by half', [header, ...lines.slice(0, 4), '{"body":{"at"'], 5, /cannot be read/],
  ])('by %s is named at its record', (_name, exported, seq, says) => {
    expect(faultIn(exported)).toMatchObject({ seq, reason: expect.stringMatching(says) })
  })

  const at = (seq: number): string => checkpointLine(noteOf(rows[seq - 1])).trimEnd()
  test('a record delivered twice with two contents is named', () => {
    const second = rewritten(3)
    expect(faultIn([header, ...lines, headerLine(ORIGIN, pointOf(2)).trimEnd(), ...second.slice(2)])).toMatchObject({
      seq: 3,
    })
  })

  test('written anew from a record on, it differs from its checkpoints: the first of them behind it says where', () => {
    const forged = rewritten(4)
    expect(faultIn([header, ...forged])).toBeUndefined()
    const signed = [header, ...forged.slice(0, 2), at(2), ...forged.slice(2, 5), at(5), ...forged.slice(5), at(6)]
    expect(faultIn(signed)).toEqual({
      seq: 3,
      reason:
        'it or one of those up to record 5 was rewritten: the export has a checkpoint of 5 records with another hash, signed 2026-01-05T09:00:00.000Z',
    })
  })

  test('written anew and signed with another key, its checkpoints are not trusted', () => {
    const signed = [header, ...rewritten(4), checkpointLine(noteOf(rows[5], other)).trimEnd()]
    expect(faultIn(signed)).toBe('a checkpoint in the export is not to be trusted: it is signed with another key')
  })

  test('cut, with a checkpoint kept: the first missing record is named', () => {
    expect(faultIn([header, ...lines.slice(0, 4), at(6)])).toEqual({
      seq: 5,
      reason: 'the record is missing: the export has a checkpoint of 6 records, signed 2026-01-05T09:00:00.000Z',
    })
  })

  test('cut with the newer checkpoint: nothing in it says so, a checkpoint from outside does', () => {
    const cut = [header, ...lines.slice(0, 4), at(4)]
    expect(faultIn(cut)).toBeUndefined()
    expect(faultIn(cut, [noteOf(rows[3])])).toBeUndefined()
    expect(faultIn(cut, [noteOf(rows[5])])).toMatchObject({
      seq: 5,
      reason: expect.stringContaining('missing: worm has'),
    })
  })

  test('a fault of the chain before the first checkpoint that differs is the one that is named', () => {
    const broken = [header, ...lines.slice(0, 1), ...lines.slice(2)]
    expect(faultIn(broken, [noteOf(rows[5])])).toMatchObject({ seq: 2 })
  })
})

describe('checkpoints from outside', () => {
  const note = noteOf(rows[5])

  test.each([
    ['as they are', `${note}\n${note}`, 2],
    ['in lines of syslog', `<110>1 2026 h eosflow - CHECKPOINT [x@1 seq="6"] ${checkpointLine(note)}other line\n`, 1],
    ['in an export', [header, ...lines, checkpointLine(note)].join('\n'), 1],
    ['nowhere', 'nothing\n', 0],
  ])('are found %s', (_name, text, count) => {
    expect(checkpointNotesIn(text)).toEqual(Array.from({ length: count }, () => note))
  })

  test('those of other stores are counted and not judged', () => {
    const foreign = other.sign({ origin: 'eosflow.audit/db-02', ...pointOf(6) }, '2026-01-05T09:00:00Z').note
    expect(testimonyOf([note, foreign], 'worm', { origin: ORIGIN, verifier: signer })).toMatchObject({
      witnesses: [{ seq: 6, place: 'worm' }],
      others: 1,
    })
  })

  test('one that was left by half, wherever it was cut, is neither a fault nor in the way of the next', () => {
    const next = noteOf(rows[4])
    for (let cut = 0; cut < note.length; cut += 1) {
      const file = `${note.slice(0, cut)}\n${next}\n`
      const heard = testimonyOf(checkpointNotesIn(file), 'worm', { origin: ORIGIN, verifier: signer })
      expect(heard.fault, file).toBeUndefined()
      expect(heard.witnesses.at(-1), file).toMatchObject({ seq: 5 })
      const last = testimonyOf(checkpointNotesIn(note.slice(0, cut)), 'worm', { origin: ORIGIN, verifier: signer })
      expect(last.fault, file).toBeUndefined()
    }
  })

  test('a line that is no JSON, which anybody may write into a log, hides none', () => {
    expect(checkpointNotesIn(`{"checkpoint":"\\x"}\n${checkpointLine(note)}`)).toEqual([note])
  })

  test('on the wire they are ASCII on one line', () => {
    expect(checkpointLine(note)).toMatch(/^[\x20-\x7e]+\n$/)
  })
})
