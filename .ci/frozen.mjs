// No commit since the freeze both moves sources and changes a golden: a move shows that it changes nothing by what stays. `.ci/frozen` names the commit
// (`git rev-parse HEAD > .ci/frozen`); without it nothing is frozen. Paths in a golden may follow their files. Run in the root of a checkout.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Moves } from '../build/moves.mjs'

/** Outputs that are kept as they are: goldens, recorded journals and plans, what the simulated histories do, generated pages. */
const GOLDEN = /^(?:test\/(?:.*\/)?golden\/|test\/fixtures\/(?!.*\.test\.ts$)|simulate\/recorded-digests\.json$|docs\/reference\/)/

const say = (text) => process.stdout.write(`${text}\n`)
const git = (...args) => execFileSync('git', ['-c', 'core.quotePath=false', ...args], { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'] })
const succeeds = (...args) => {
  try {
    git(...args)
    return true
  } catch {
    return false
  }
}

const commit = existsSync('.ci/frozen') ? readFileSync('.ci/frozen', 'utf8').trim() : undefined
if (commit === undefined) say('nothing is frozen: there is no .ci/frozen')
else if (!/^[0-9a-f]{40}$/.test(commit)) fail(`.ci/frozen does not hold the whole name of a commit: ${commit}`)
else if (succeeds('merge-base', '--is-ancestor', commit, 'HEAD')) judge(commit)
else if (git('rev-parse', '--is-shallow-repository').trim() === 'true')
  say(`not judged: the history since the freeze (${commit.slice(0, 8)}) is not in this clone. \`git fetch --unshallow\` brings it.`)
else fail(`the commit of the freeze (${commit.slice(0, 8)}) is no ancestor of this one`)

function fail(text) {
  say(text)
  process.exitCode = 1
}

function judge(since) {
  const commits = changesSince(since)
  const moving = commits.filter(({ changes }) => movesOf(changes).length > 0)
  const faults = moving.flatMap((one) => goldensOf(one).map((golden) => `${one.hash.slice(0, 8)} moves files of src and changes ${golden}`))
  if (faults.length > 0) fail(faults.join('\n'))
  else say(`${commits.length} commits since the freeze (${since.slice(0, 8)}), ${moving.length} of them move files of src: none of these changes a golden`)
}

/** Each commit with its changes, oldest first; of a merge, only what differs from all of its parents. */
function changesSince(since) {
  const log = git('log', '--reverse', '--diff-merges=combined', '--find-renames=40%', '--name-status', '--format=%x01%H', `${since}..HEAD`)
  return log.split('\x01').slice(1).map((text) => {
    const [hash = '', ...lines] = text.split('\n').filter((line) => line !== '')
    return { hash, changes: lines.map((line) => line.split('\t')).filter((cells) => cells.length > 1).map(([kind, from, to = from]) => ({ kind: kind[0], from, to })) }
  })
}

/** The moves of sources. One that is also rewritten is a file that is gone, and a new one of that name. */
function movesOf(changes) {
  const inSources = changes.filter(({ from }) => from.startsWith('src/'))
  const renamed = inSources.filter(({ kind }) => kind === 'R')
  const added = inSources.filter(({ kind }) => kind === 'A')
  const rewritten = inSources.filter(({ kind }) => kind === 'D').flatMap(({ from }) => {
    const again = added.filter(({ to }) => basename(to) === basename(from))
    return again.length === 1 ? [{ from, to: again[0].to }] : []
  })
  return [...renamed, ...rewritten].map(({ from, to }) => [from, to])
}

/** The goldens that a commit changes by more than the paths of what it moves. */
function goldensOf({ hash, changes }) {
  const goldens = changes.filter(({ from, to }) => GOLDEN.test(from) || GOLDEN.test(to))
  if (goldens.length === 0) return []
  const before = git('ls-tree', '-r', '--name-only', `${hash}^`).split('\n').filter((file) => file !== '')
  const renamed = changes.filter(({ kind }) => kind === 'R').map(({ from, to }) => [from, to])
  const moves = new Moves(new Map([...renamed, ...movesOf(changes)]), before)
  const isSame = ({ kind, from, to }) =>
    'MR'.includes(kind) && moves.rewrite(from, git('show', `${hash}^:${from}`)) === git('show', `${hash}:${to}`)
  return goldens.filter((golden) => !isSame(golden)).map(({ to }) => to)
}
