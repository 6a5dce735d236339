// What a build or an installation does right now, in one line of the terminal that is written over; nothing where nobody watches.
const { CI, NO_COLOR, TERM } = process.env
const isWatched = process.stderr.isTTY === true && CI === undefined && NO_COLOR === undefined && TERM !== undefined && TERM !== 'dumb' && TERM !== ''

/** Draws a line with its seconds until it is called again; without words it takes the line away. */
export const live = isWatched ? liveLine() : () => undefined

function liveLine() {
  let words
  let begun = 0
  let ticking
  const draw = () => {
    const line = `eosflow: ${words} … ${Math.floor((Date.now() - begun) / 1000)} s`
    // CR and EL of ECMA-48: to the beginning of the line, and what is right of it goes.
    process.stderr.write(`\r${line.slice(0, (process.stderr.columns || 80) - 1)}\u001b[K`)
  }
  return (next) => {
    words = next
    begun = Date.now()
    if (ticking === undefined) {
      ticking = setInterval(draw, 1000)
      ticking.unref()
    }
    if (words !== undefined) return draw()
    clearInterval(ticking)
    ticking = undefined
    process.stderr.write('\r\u001b[K')
  }
}
