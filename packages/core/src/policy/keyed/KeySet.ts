import { KeyQueue, type Link } from './KeyQueue.js';

/** A key in a set. */
export interface Member extends Link {
  readonly key: string;
  /** When a call of it was last under way. */
  usedMs: number;
  isLive: boolean;
  /** Whether a call of it is under way. */
  readonly isInUse: boolean;
  /** Whether nothing would be missed if it was forgotten. */
  isAtRest(nowMs: number): boolean;
}

/** Idle keys that one call looks at: more than the one that it may add. */
const LOOKS_A_CALL = 2;

/** Milliseconds without a call after which a key is looked at once: by then its window may let go of what is too old. */
const REST_MS = 60_000;

/** Keys that were in trouble which a new key looks at, in turn, for one that no longer is. */
const LOOKS_FOR_ROOM = 64;

/**
 * Keys, of which there are never more than `maxKeys`. One is forgotten only at rest: after `idleMs` without a call, or to make room for a new
 * one, then the one that was idle longest. It has no timer: every call looks at a few. What time does not change is looked at but once, so
 * that a flood of new keys costs each of them no more than a few looks.
 */
export class KeySet<T extends Member> {
  private readonly members = new Map<string, T>();
  /** Not in use, by when they last were: those that were not looked at since, and, longer ago, those that were. */
  private readonly fresh = new KeyQueue<T>();
  private readonly idle = new KeyQueue<T>();
  /** Not in use, and not at rest when they were looked at last. */
  private readonly kept = new KeyQueue<T>();

  constructor(
    private readonly maxKeys: number,
    private readonly idleMs: number,
    /** Told of each that is forgotten. */
    private readonly gone: (member: T) => void,
  ) {}

  get size(): number {
    return this.members.size;
  }

  get(key: string): T | undefined {
    return this.members.get(key);
  }

  values(): IterableIterator<T> {
    return this.members.values();
  }

  /** Takes one in; false when there is no room, and nobody to make it. */
  admit(member: T, nowMs: number): boolean {
    if (this.members.size >= this.maxKeys && !this.makeRoom(nowMs)) return false;
    this.members.set(member.key, member);
    member.isLive = true;
    if (!member.isInUse) this.ended(member, nowMs);
    return true;
  }

  /** A call of one is under way. */
  began(member: T): void {
    this.fresh.remove(member);
    this.idle.remove(member);
    this.kept.remove(member);
  }

  /** No call of one is under way any more. */
  ended(member: T, nowMs: number): void {
    if (!member.isLive) return;
    member.usedMs = nowMs;
    this.fresh.push(member);
  }

  forget(member: T): void {
    if (!member.isLive) return;
    this.began(member);
    this.members.delete(member.key);
    member.isLive = false;
    this.gone(member);
  }

  /** Forgets some of those that were idle too long. */
  sweep(nowMs: number): void {
    for (let looks = LOOKS_A_CALL; looks > 0 && this.rest(nowMs); looks -= 1);
    for (let looks = LOOKS_A_CALL; looks > 0 && this.isOver(this.idle, nowMs); looks -= 1) this.look(this.idle, nowMs);
    if (this.kept.oldest !== undefined) this.lookAgain(nowMs, true);
  }

  /** Forgets all that were idle too long. */
  sweepAll(nowMs: number): void {
    let last: T | undefined;
    for (let looks = this.members.size; looks > 0 && this.kept.oldest !== last; looks -= 1) {
      last ??= this.kept.oldest;
      this.lookAgain(nowMs, true);
    }
    while (this.rest(nowMs));
    while (this.isOver(this.idle, nowMs)) this.look(this.idle, nowMs);
  }

  private makeRoom(nowMs: number): boolean {
    for (const queue of [this.idle, this.fresh]) while (queue.oldest !== undefined) if (this.look(queue, nowMs)) return true;
    for (let looks = LOOKS_FOR_ROOM; looks > 0 && this.kept.oldest !== undefined; looks -= 1) if (this.lookAgain(nowMs, false)) return true;
    return false;
  }

  private isOver({ oldest }: KeyQueue<T>, nowMs: number, idleMs = this.idleMs): boolean {
    return oldest !== undefined && nowMs - oldest.usedMs >= idleMs;
  }

  /** Whether there was one that had not been called for a while, which then lets go of what is too old. */
  private rest(nowMs: number): boolean {
    const { oldest } = this.fresh;
    if (oldest === undefined || !this.isOver(this.fresh, nowMs, Math.min(REST_MS, this.idleMs))) return false;
    this.fresh.remove(oldest);
    if (oldest.isAtRest(nowMs)) this.idle.push(oldest);
    else this.kept.push(oldest);
    return true;
  }

  /** Looks at the one that was idle longest: it goes, or is kept. */
  private look(queue: KeyQueue<T>, nowMs: number): boolean {
    const { oldest } = queue;
    if (oldest === undefined) return false;
    if (oldest.isAtRest(nowMs)) {
      this.forget(oldest);
      return true;
    }
    queue.remove(oldest);
    this.kept.push(oldest);
    return false;
  }

  /** Looks at one that was kept, each in turn. */
  private lookAgain(nowMs: number, whenOver: boolean): boolean {
    const { oldest } = this.kept;
    if (oldest === undefined) return false;
    if ((!whenOver || this.isOver(this.kept, nowMs)) && oldest.isAtRest(nowMs)) {
      this.forget(oldest);
      return true;
    }
    this.kept.remove(oldest);
    this.kept.push(oldest);
    return false;
  }
}
