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

/** Keys that were in trouble which a new key looks at, in turn, for one that no longer is. */
const LOOKS_FOR_ROOM = 64;

/**
 * Keys, of which there are never more than `maxKeys`. One is forgotten only at rest: after `idleMs` without a call, or to make room for a new
 * one, then the one that was idle longest. It has no timer: every call looks at a few. What time does not change is looked at but once, so
 * that a flood of new keys costs each of them no more than a few looks.
 */
export class KeySet<T extends Member> {
  private readonly members = new Map<string, T>();
  /** Not in use, by when they last were. */
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
    this.idle.remove(member);
    this.kept.remove(member);
  }

  /** No call of one is under way any more. */
  ended(member: T, nowMs: number): void {
    if (!member.isLive) return;
    member.usedMs = nowMs;
    this.idle.push(member);
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
    for (let looks = LOOKS_A_CALL; looks > 0 && this.isOver(this.idle.oldest, nowMs); looks -= 1) this.look(nowMs);
    if (this.kept.oldest !== undefined) this.lookAgain(nowMs, true);
  }

  /** Forgets all that were idle too long. */
  sweepAll(nowMs: number): void {
    let last: T | undefined;
    for (let looks = this.members.size; looks > 0 && this.kept.oldest !== last; looks -= 1) {
      last ??= this.kept.oldest;
      this.lookAgain(nowMs, true);
    }
    while (this.isOver(this.idle.oldest, nowMs)) this.look(nowMs);
  }

  private makeRoom(nowMs: number): boolean {
    while (this.idle.oldest !== undefined) if (this.look(nowMs)) return true;
    for (let looks = LOOKS_FOR_ROOM; looks > 0 && this.kept.oldest !== undefined; looks -= 1) if (this.lookAgain(nowMs, false)) return true;
    return false;
  }

  private isOver(member: T | undefined, nowMs: number): boolean {
    return member !== undefined && nowMs - member.usedMs >= this.idleMs;
  }

  /** Looks at the one that was idle longest: it goes, or is kept. */
  private look(nowMs: number): boolean {
    const { oldest } = this.idle;
    if (oldest === undefined) return false;
    if (oldest.isAtRest(nowMs)) {
      this.forget(oldest);
      return true;
    }
    this.idle.remove(oldest);
    this.kept.push(oldest);
    return false;
  }

  /** Looks at one that was kept, each in turn. */
  private lookAgain(nowMs: number, whenOver: boolean): boolean {
    const { oldest } = this.kept;
    if (oldest === undefined) return false;
    if ((!whenOver || this.isOver(oldest, nowMs)) && oldest.isAtRest(nowMs)) {
      this.forget(oldest);
      return true;
    }
    this.kept.remove(oldest);
    this.kept.push(oldest);
    return false;
  }
}
