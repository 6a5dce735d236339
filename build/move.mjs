// `node build/move.mjs TABLE [--dry]`: moves files of the checkout by a table of `old path<TAB>new path` (CONTRIBUTING.md, "Moving files"), and rewrites each import,
// link and text that names one. A second run changes nothing; a table that cannot be carried out changes nothing either.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Moves, readTable } from './moves.mjs'

const [table, ...options] = process.argv.slice(2)
if (table === undefined || options.some((option) => option !== '--dry')) {
  process.stderr.write('usage: node build/move.mjs TABLE [--dry]\n')
  process.exit(2)
}

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8', maxBuffer: 2 ** 28 })
const files = [...new Set(listed.split('\0'))].filter((file) => file !== '' && existsSync(file) && statSync(file).isFile())
const moves = new Moves(readTable(readFileSync(table, 'utf8')), files)
if (moves.refusals.length > 0) {
  process.stderr.write(`nothing is moved:\n${moves.refusals.map((line) => `  ${line}\n`).join('')}`)
  process.exit(1)
}

const rewritten = files.flatMap((file) => {
  const bytes = file === 'package-lock.json' ? Buffer.alloc(1) : readFileSync(file)
  if (bytes.includes(0)) return []
  const text = bytes.toString('utf8')
  const moved = moves.rewrite(file, text)
  return moved === text ? [] : [[file, moved]]
})
const { moving } = moves
if (!options.includes('--dry')) {
  for (const [file, text] of rewritten) writeFileSync(file, text)
  // In two steps, so that an old path may be a new one as well.
  for (const [from, to] of moving) {
    mkdirSync(dirname(to), { recursive: true })
    renameSync(from, `${to}.moving`)
  }
  for (const [, to] of moving) renameSync(`${to}.moving`, to)
  for (const [from] of moving) removeEmpty(dirname(from))
}
process.stdout.write(`${moving.length} files moved, ${rewritten.length} rewritten${options.length > 0 ? ' (if it were done)' : ''}\n`)

/** Removes a folder that nothing is in any more, and those above it. */
function removeEmpty(folder) {
  for (let dir = folder; dir !== '.' && existsSync(dir) && readdirSync(dir).length === 0; dir = join(dir, '..')) rmdirSync(dir)
}
