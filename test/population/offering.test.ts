// Who may be met: equality.

import { expect, it } from 'vitest';
import { type Board, empty_board, offering } from '../../src/population/exchange/board.ts';

/** Ranks with so many segments, all offering the first half. */
function board_of(...segments: number[]): Board {
  const board = empty_board(segments.length, 4, false);
  for (const [rank, seat] of board.seats.entries()) Object.assign(seat, { segments: segments[rank], offered: 0 });
  return board;
}

it('ranks meet in the same part of the run, and where particles change ranks after warm-up alone', () => {
  const board = board_of(2, 7, 8, 3, 9);
  const met_by = (rank: number, exchange: string) => offering(board, { rank, half: 0 }, { warm_up: 8, exchange });
  expect(met_by(0, 'replica')).toEqual([1, 3]);
  expect(met_by(2, 'replica')).toEqual([4]);
  expect(met_by(0, 'permute')).toEqual([]);
  expect(met_by(2, 'permute')).toEqual([4]);
});

it('nobody meets oneself, the other half, or who offers nothing', () => {
  const board = board_of(8, 8, 8);
  (board.seats[1] as Board['seats'][number]).offered = 1;
  delete (board.seats[2] as Board['seats'][number]).offered;
  expect(offering(board, { rank: 0, half: 0 }, { warm_up: 8, exchange: 'permute' })).toEqual([]);
  expect(offering(board, { rank: 0, half: 1 }, { warm_up: 8, exchange: 'permute' })).toEqual([1]);
});
