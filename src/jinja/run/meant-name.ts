import { suggest } from '../../source/suggest.ts'

/**
 * The name that was most likely meant, among those that there are. A slip is looked for in the last part of a name, among those
 * of its collection: all names of a collection are alike by what stands before. Then among all, and then in the collection.
 */
export function meantName(name: string, known: readonly string[]): string {
  const [collection, last] = partsOf(name)
  const inCollection = known.filter((one) => partsOf(one)[0] === collection)
  const near = suggest(
    last,
    inCollection.map((one) => partsOf(one)[1]),
  )
  if (near !== undefined) return `did you mean \`${collection === '' ? near : `${collection}.${near}`}\`?`
  const elsewhere = known.filter((one) => partsOf(one)[1] === last)
  const otherwise = suggest(name, elsewhere) ?? elsewhere.find((one) => one.endsWith(`.${name}`)) ?? elsewhere[0]
  if (otherwise !== undefined) return `did you mean \`${otherwise}\`?`
  const collections = [...new Set(known.map((one) => partsOf(one)[0]))].filter((one) => one !== '')
  if (collection !== '' && !collections.includes(collection))
    return `the collections here are ${collections.join(', ')}: see docs/templates.md`
  return 'see docs/templates.md for those that there are'
}

/** The collection of a name, empty for what has none, and its last part. */
function partsOf(name: string): readonly [collection: string, last: string] {
  const dot = name.lastIndexOf('.')
  return dot < 0 ? ['', name] : [name.slice(0, dot), name.slice(dot + 1)]
}
