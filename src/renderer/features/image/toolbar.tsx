/** Tools, layers, thresholds and zoom above the canvas. */
import {
  EyeOff,
  Image as ImageIcon,
  Lock,
  Maximize,
  MousePointer2,
  Move,
  PanelRight,
  Square,
  SquareDashed,
  SquareDashedMousePointer,
} from 'lucide-react';
import type { ComponentType, ReactNode } from 'react';
import type { Editor } from '../../editor/editor';
import type { Tool } from '../../editor/tools';
import { useSession } from '../../state/session';
import { changeSettings } from '../../state/settings';
import { useEditorState } from './use-image-view';

type Icon = ComponentType<{ readonly size?: number; readonly 'aria-hidden'?: boolean }>;

const TOOL_BUTTONS: readonly {
  readonly tool: Tool;
  readonly name: string;
  readonly key: string;
  readonly icon: Icon;
}[] = [
  { tool: 'select', name: 'Select', key: 'V', icon: MousePointer2 },
  { tool: 'draw', name: 'Draw a box', key: 'W', icon: SquareDashedMousePointer },
  { tool: 'pan', name: 'Pan', key: 'Space and drag', icon: Move },
];
const ICON = 16;

export interface ToolbarProps {
  readonly editor: Editor;
  readonly hasFilmstrip: boolean;
  readonly onToggleFilmstrip: (() => void) | null;
  readonly isInspectorShown: boolean;
  /** null where it stands beside the canvas by itself. */
  readonly onToggleInspector: (() => void) | null;
}

export function Toolbar(props: ToolbarProps): ReactNode {
  const { editor } = props;
  const tool = useEditorState((snapshot) => snapshot.tool.tool);
  const keepsZoom = useSession((session) => session.settings.keepZoom);
  return (
    <div className="tools" role="toolbar" aria-label="Image tools">
      {props.onToggleFilmstrip && (
        <IconToggle
          name="Images"
          icon={ImageIcon}
          isOn={props.hasFilmstrip}
          onClick={props.onToggleFilmstrip}
        />
      )}
      {TOOL_BUTTONS.map(({ tool: id, name, key, icon }) => (
        <IconToggle
          key={id}
          name={name}
          hint={key}
          icon={icon}
          isOn={tool === id}
          onClick={() => editor.setTool(id)}
        />
      ))}
      <span className="separator" />
      <LayerButtons editor={editor} />
      <span className="separator" />
      <PointSelectors />
      <button
        type="button"
        className="icon-button"
        aria-label="Fit the image"
        title="Fit the image (F)"
        onClick={() => editor.fit()}
      >
        <Maximize size={ICON} aria-hidden />
      </button>
      <ZoomSelector editor={editor} />
      <IconToggle
        name="Keep the zoom between images"
        icon={Lock}
        isOn={keepsZoom}
        onClick={() => void changeSettings({ keepZoom: !keepsZoom })}
      />
      {props.onToggleInspector && (
        <IconToggle
          name="Inspector"
          hint="Ctrl+I"
          icon={PanelRight}
          isOn={props.isInspectorShown}
          onClick={props.onToggleInspector}
        />
      )}
    </div>
  );
}

interface IconToggleProps {
  readonly name: string;
  readonly hint?: string;
  readonly icon: Icon;
  readonly isOn: boolean;
  readonly onClick: () => void;
}

function IconToggle({ name, hint, icon: Icon, isOn, onClick }: IconToggleProps): ReactNode {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={name}
      aria-pressed={isOn}
      title={hint === undefined ? name : `${name} (${hint})`}
      onClick={onClick}
    >
      <Icon size={ICON} aria-hidden />
    </button>
  );
}

function LayerButtons({ editor }: { readonly editor: Editor }): ReactNode {
  const layers = useEditorState((snapshot) => snapshot.layers);
  const isPeeking = useEditorState((snapshot) => snapshot.isPeeking);
  return (
    <>
      <LayerButton
        name="Ground truth"
        shortcut="G"
        icon={Square}
        isOn={layers.groundTruth}
        onClick={() => editor.setLayers({ ...layers, groundTruth: !layers.groundTruth })}
      />
      <LayerButton
        name="Predictions"
        shortcut="P"
        icon={SquareDashed}
        isOn={layers.predictions}
        onClick={() => editor.setLayers({ ...layers, predictions: !layers.predictions })}
      />
      <button
        type="button"
        className="bar-button hold"
        aria-pressed={isPeeking}
        title="Hide everything while this, or Shift, is held"
        onPointerDown={() => editor.setPeeking(true)}
        onPointerUp={() => editor.setPeeking(false)}
        onPointerLeave={() => editor.setPeeking(false)}
        onKeyDown={(event) => event.key === 'Enter' && editor.setPeeking(!isPeeking)}
        onBlur={() => editor.setPeeking(false)}
      >
        <EyeOff size={ICON} aria-hidden />
        <span className="word">Hide</span>
        <kbd className="kbd">Shift</kbd>
      </button>
    </>
  );
}

interface LayerButtonProps extends Omit<IconToggleProps, 'hint'> {
  readonly shortcut: string;
}

function LayerButton({ name, shortcut, icon: Icon, isOn, onClick }: LayerButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="bar-button"
      aria-pressed={isOn}
      title={`${isOn ? 'Hide' : 'Show'} (${shortcut})`}
      onClick={onClick}
    >
      <Icon size={ICON} aria-hidden />
      <span className="word">{name}</span>
      <kbd className="kbd">{shortcut}</kbd>
    </button>
  );
}

const IOU_STEPS = Array.from({ length: 10 }, (_, index) => (50 + 5 * index) / 100);
const SCORE_STEPS = Array.from({ length: 20 }, (_, index) => (5 * index) / 100);

/** One view state with the gallery and the metrics: moving it here moves it there. */
function PointSelectors(): ReactNode {
  const point = useSession((session) => session.point);
  const setPoint = useSession((session) => session.setPoint);
  return (
    <>
      <NumberSelector
        name="IoU"
        value={point.iou}
        steps={IOU_STEPS}
        onChange={(iou) => setPoint({ ...point, iou })}
      />
      <NumberSelector
        name="Confidence"
        value={point.score}
        steps={SCORE_STEPS}
        onChange={(score) => setPoint({ ...point, score })}
      />
    </>
  );
}

interface NumberSelectorProps {
  readonly name: string;
  readonly value: number;
  readonly steps: readonly number[];
  readonly onChange: (value: number) => void;
}

function NumberSelector({ name, value, steps, onChange }: NumberSelectorProps): ReactNode {
  // A slider elsewhere may stand between two steps.
  const options = steps.includes(value) ? steps : [...steps, value].sort((a, b) => a - b);
  return (
    <label className="selector">
      <span className="quiet">{name}</span>
      <select value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {options.map((option) => (
          <option key={option} value={option}>
            {option.toFixed(2)}
          </option>
        ))}
      </select>
    </label>
  );
}

const ZOOMS = [0.25, 0.5, 1, 2, 4, 8, 16];

function ZoomSelector({ editor }: { readonly editor: Editor }): ReactNode {
  const scale = useEditorState((snapshot) => snapshot.view.scale);
  const percent = `${scale < 0.1 ? (scale * 100).toFixed(1) : Math.round(scale * 100)} %`;
  return (
    <select
      className="zoom"
      aria-label="Zoom"
      value="now"
      onChange={(event) =>
        event.target.value === 'fit' ? editor.fit() : editor.zoomToScale(Number(event.target.value))
      }
    >
      <option value="now">{percent}</option>
      <option value="fit">Fit</option>
      {ZOOMS.map((zoom) => (
        <option key={zoom} value={zoom}>
          {zoom * 100} %
        </option>
      ))}
    </select>
  );
}
