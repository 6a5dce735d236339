/**
 * Why the record's silence about a switch proves nothing: the store was restored from a backup in which the execution was open, or another
 * process than the first drives it, which may have a copy of the record (docs/copies.md). Without a doubt the process that began it drives it.
 */
export type Doubt = 'restored' | 'taken up'
