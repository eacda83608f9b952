import { parseDueLoaders } from './mount.ts';
import { advance, type World } from './world.ts';

/** Lets happen what should have happened by now. Every look at the world begins with it. */
export function settle(world: World): void {
  parseDueLoaders(world);
  advance(world);
}
