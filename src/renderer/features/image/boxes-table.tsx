/** Every box of the image as a list: what the canvas shows, for the keyboard and the screen reader. */
import { useVirtualizer } from '@tanstack/react-virtual';
import type { KeyboardEvent, ReactNode } from 'react';
import { useEffect, useMemo, useRef } from 'react';
import type { Editor } from '../../editor/editor';
import { isUnsaved } from '../../editor/edits';
import type { SceneBox } from '../../editor/scene';
import { isQuiet, listBoxes, listedKey, listFailures } from '../../editor/scene';
import { OutcomeGlyph } from '../../ui/outcome-glyph';
import { plural, twoDigits } from './number-text';
import { boxPhrase } from './outcome-words';
import { useEditorState } from './use-image-view';
import { useRem } from './use-panels';

/** In rem. */
const ROW_HEIGHT = 1.5;

export interface BoxesTableProps {
  readonly editor: Editor;
  readonly className: (category: number) => string;
}

export function BoxesTable({ editor, className }: BoxesTableProps): ReactNode {
  const scene = useEditorState((snapshot) => snapshot.scene);
  const selection = useEditorState((snapshot) => snapshot.selection);
  const boxes = useMemo(() => (scene ? listBoxes(scene).filter((box) => !isUnsaved(box)) : []), [scene]);
  const failures = scene ? listFailures(scene).length : 0;
  const quiet = boxes.filter((box) => isQuiet(box.outcome) && box.outcome === 'true-positive').length;
  const listed = scene && selection !== null ? listedKey(scene, selection) : null;
  const cursor = boxes.findIndex((box) => box.key === listed);

  const scroller = useRef<HTMLDivElement>(null);
  const rem = useRem();
  const rows = useVirtualizer({
    count: boxes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT * rem,
    overscan: 8,
  });
  useEffect(() => rows.measure(), [rows, rem]);
  useEffect(() => {
    if (cursor >= 0) rows.scrollToIndex(cursor, { align: 'auto' });
  }, [cursor, rows]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const target = {
      ArrowDown: Math.min(cursor + 1, boxes.length - 1),
      ArrowUp: Math.max(cursor - 1, 0),
      Home: 0,
      End: boxes.length - 1,
    }[event.key];
    const box = target === undefined ? undefined : boxes[target];
    if (!box) return;
    // The arrows belong to the list here, not to the nudging of the box.
    event.preventDefault();
    event.stopPropagation();
    editor.select(box.key);
  };

  return (
    <section className="boxes" aria-labelledby="boxes-title">
      <header>
        <h2 id="boxes-title">Boxes</h2>
        <span className="quiet end">
          {plural(failures, 'failure')}, {plural(quiet, 'true positive')}
        </span>
      </header>
      {scene && boxes.length === 0 && (
        <p className="quiet small">
          No boxes at this confidence. <kbd className="kbd">W</kbd> draws one.
        </p>
      )}
      <div role="grid" aria-labelledby="boxes-title" aria-rowcount={boxes.length + 1} className="box-grid">
        <div role="rowgroup">
          <div role="row" aria-rowindex={1} className="box-row head">
            <span role="columnheader">
              <span className="hidden-word">Outcome</span>
            </span>
            <span role="columnheader">Class</span>
            <span role="columnheader" className="number">
              Score
            </span>
            <span role="columnheader" className="number">
              IoU
            </span>
          </div>
        </div>
        <div
          ref={scroller}
          role="rowgroup"
          className="box-rows"
          tabIndex={0}
          aria-label="Boxes: arrows move"
          data-testid="boxes-table"
          onKeyDown={onKeyDown}
        >
          <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
            {rows.getVirtualItems().map(({ index, start }) => {
              const box = boxes[index];
              return (
                box && (
                  <BoxRow
                    key={box.key}
                    box={box}
                    name={className(box.category)}
                    index={index}
                    start={start}
                    isSelected={box.key === listed}
                    onSelect={() => editor.select(box.key)}
                  />
                )
              );
            })}
          </div>
        </div>
      </div>
    </section>
  );
}

interface BoxRowProps {
  readonly box: SceneBox;
  readonly name: string;
  readonly index: number;
  readonly start: number;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function BoxRow({ box, name, index, start, isSelected, onSelect }: BoxRowProps): ReactNode {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-label={boxPhrase(box, name)}
      className="box-row"
      style={{ transform: `translateY(${start}px)` }}
      onClick={onSelect}
    >
      <span role="gridcell">
        <OutcomeGlyph outcome={box.outcome} />
      </span>
      <span role="gridcell" className="name">
        {name}
        {box.kind === 'truth' && box.outcome !== 'miss' && box.outcome !== 'true-positive' && (
          <span className="quiet"> truth</span>
        )}
      </span>
      <span role="gridcell" className="number">
        {twoDigits(box.kind === 'truth' && box.outcome !== 'true-positive' ? null : box.score)}
      </span>
      <span role="gridcell" className="number">
        {twoDigits(box.iou)}
      </span>
    </div>
  );
}
