/* global document, window */
// Charts on a phone: panels that stand side by side stand below each other, and the title takes the lines that it needs.
(() => {
  /** Narrower than this, in pixels, a chart is laid out anew. */
  const NARROW = 600;
  /** Pixels: the height of a panel, of each of several in a column, what is between columns, a line of title and legend. */
  const [PANEL, EACH, BETWEEN, LINE, ROW] = [210, 270, 72, 22, 19];
  /** By so many pixels buttons are raised above what stands beside them in a wide chart. */
  const RAISED = 24;
  /** How many pictures of a strip stand side by side, the part of the width between them, and their height. */
  const [BESIDE, APART, PICTURE] = [3, 0.03, 125];
  /** Pixels that a legend's entry takes besides its words. */
  const SIGN = 45;
  /** Pixels: what is right of a chart without names there, and what a legend of one row takes above it. */
  const [EDGE, LEGEND] = [24, 24];
  /** Pixels between panels where the upper one has no axes, as a picture. */
  const BARE = 24;
  /** A chart in space is as large as it is high: by how much it is wider, from how much farther it is seen, its letters. */
  const [WIDER, FARTHER, WRITTEN] = [1.1, 1.5, 10];
  /** Pixels that the labels of an axis at the left may take. */
  const LEFT = 64;

  const pen = document.createElement('canvas').getContext('2d');
  /** How wide words are, in pixels. */
  function widthOf(words, size, { family = 'sans-serif' } = {}) {
    pen.font = `${size}px ${family}`;
    return pen.measureText(words).width;
  }

  const axesOf = (layout) => Object.keys(layout).filter((key) => /^([xy]axis|scene)\d*$/.test(key));
  const isScene = (key) => key.startsWith('scene');
  const spanOf = (layout, key) => (isScene(key) ? layout[key].domain?.x : layout[key]?.domain) ?? [0, 1];

  /** From where to where panels reach, and how high they are to be, if they stand in columns of up to four. */
  function columnsOf(layout) {
    const all = axesOf(layout).filter((key) => !key.startsWith('y'));
    const spans = new Map();
    for (const key of all) {
      const span = spanOf(layout, key);
      spans.set(String(span), { span, rows: (spans.get(String(span))?.rows ?? 0) + 1 });
    }
    const columns = [...spans.values()].sort((a, b) => a.span[0] - b.span[0]);
    const isBeside = columns.every(({ span }, i) => i === 0 || columns[i - 1].span[1] <= span[0]);
    if (!isBeside || columns.length < 2 || columns.some(({ rows }) => rows > 4)) return undefined;
    // beside one panel, two belong together, as curves do, and take the room of one
    const tall = (rows) => (rows > 1 && columns[0].rows > 1 ? rows * EACH : PANEL);
    return columns.map(({ span, rows }) => ({ span, rows, height: tall(rows) }));
  }

  /** Whether a chart has pictures and nothing else. */
  const isPictures = (layout) => axesOf(layout).every((key) => layout[key].visible === false);

  /** Whether a chart is a strip: pictures in one row, too many to stand below each other. */
  const isStrip = (layout, columns) =>
    columns.length > BESIDE && columns.every(({ rows }) => rows === 1) && isPictures(layout);

  const linesOf = (text) => (text ? text.split('<br>').length : 0);

  /** The words in lines that fit, broken at spaces, but none between a number and its %. */
  const fill = (words, fits) =>
    words.split(/ (?!%)/).reduce((lines, word) => {
      const longer = `${lines.at(-1)} ${word}`;
      return lines.length > 0 && fits(longer) ? [...lines.slice(0, -1), longer] : [...lines, word];
    }, []);

  /** The title in lines that fit, of about one length, and how many more those are. */
  function titleIn({ title, font }, pixels) {
    const before = title?.text?.split('<br>') ?? [];
    const size = title?.font?.size ?? 17;
    const fits = (line, room) => widthOf(line, size, font) <= room;
    const most = pixels - 2 * (title?.pad?.l ?? 16);
    if (before.every((line) => fits(line, most))) return { title, more: 0 };
    const words = before.join(' '); // it was broken for a wide chart
    const linesIn = (room) => fill(words, (line) => fits(line, room));
    const { length } = linesIn(most);
    let room = most;
    while (room > 40 && linesIn(room - 10).length === length) room -= 10;
    const lifted = before.length > 1 ? 0 : 12; // Plotly lifts a title of several lines
    const text = linesIn(room).join('<br>');
    return {
      title: { ...title, text, pad: { ...title.pad, t: (title.pad?.t ?? 0) + lifted } },
      more: length - before.length,
    };
  }

  const isEnds = ({ meta }) => meta === 'ends';
  /** The chart with a legend in place of the names at its lines' ends, for which a narrow window has no room. */
  function withoutEnds(payload) {
    if (!payload.data.some(isEnds)) return payload;
    const { data, layout } = payload;
    const margin = { ...layout.margin, r: Math.min(layout.margin.r, EDGE), t: layout.margin.t + LEGEND };
    const legended = { ...layout, height: layout.height + LEGEND, margin, showlegend: true };
    const moved = { ...layout.legend, y: 1 - ((1 - layout.legend.y) * layout.height) / legended.height };
    return {
      ...payload,
      data: data.map((trace) => (isEnds(trace) ? { ...trace, visible: false } : trace)),
      layout: { ...legended, legend: moved },
    };
  }

  /** The legend in columns, and how many rows more those make than there are in a wide chart. */
  function legendIn({ data, layout: { legend, showlegend, font, margin } }, pixels) {
    const names = new Set(data.filter((one) => one.name && one.showlegend !== false).map((one) => one.name));
    if (!showlegend || !legend || names.size === 0) return { legend, more: 0 };
    const isOrdered = legend.entrywidth !== undefined;
    const size = (legend.font?.size ?? 12) - (isOrdered ? 1 : 0);
    const lines = [...names].flatMap((name) => name.split('<br>'));
    const widest = Math.max(...lines.map((line) => widthOf(line, size, font))) + 2;
    const room = pixels - margin.l - margin.r;
    const beside = Math.max(1, Math.min(names.size, Math.floor(room / (widest + SIGN))));
    const wide = Math.max(1, Math.floor(830 / ((legend.entrywidth ?? widest) + SIGN)));
    const more = Math.ceil(names.size / beside) - Math.ceil(names.size / wide);
    return {
      legend: {
        ...legend,
        ...(isOrdered && { entrywidth: widest, font: { ...legend.font, size } }),
        ...(widest + SIGN > room && { xref: 'container', x: 0.01 }),
      },
      more,
    };
  }

  /** An axis, or a bar of colours, whose title takes the lines that it needs. */
  const axisIn = (axis, { font }, room) => {
    const lines = (axis.title?.text ?? '').split('<br>');
    const fits = (words) => widthOf(words, axis.title?.font?.size ?? 13, font) <= room;
    const text = lines.flatMap((line) => fill(line, fits)).join('<br>');
    return { ...axis, title: { ...axis.title, text }, tickfont: { size: 11, ...axis.tickfont } };
  };
  /** A chart in space, with room around it and smaller words there; a ball without axes fills its frame. */
  const isBall = (scene) => scene.xaxis?.visible === false;
  const sceneIn = (scene) => {
    if (isBall(scene)) return scene;
    const { eye, ...camera } = scene.camera ?? {};
    const farther = ['x', 'y', 'z'].map((way) => [way, FARTHER * (eye?.[way] ?? 1.25)]);
    const axes = Object.keys(scene).filter((key) => key.endsWith('axis'));
    const smaller = ({ title, ...axis }) => ({
      ...axis,
      title: { ...title, font: { ...title?.font, size: WRITTEN } },
      tickfont: { ...axis.tickfont, size: WRITTEN },
    });
    return {
      ...scene,
      camera: { ...camera, eye: Object.fromEntries(farther) },
      ...Object.fromEntries(axes.map((key) => [key, smaller(scene[key])])),
    };
  };
  /** How much lower a chart in space is to be, so that its axes are in the frame. */
  const lowerBy = ({ scene, height, margin }, pixels) =>
    !scene || isBall(scene) ? 0 : Math.max(0, height - margin.t - margin.b - Math.round(pixels / WIDER));
  const isLying = ({ colorbar }) => colorbar?.orientation === 'h';
  const traceIn = (trace, layout, room) =>
    isLying(trace) ? { ...trace, colorbar: axisIn(trace.colorbar, layout, room) } : trace;

  /** Of a row of panels one axis says for all what it measures: where they do not stand in a row each says it by itself. */
  function spoken(layout) {
    const rowOf = (key) => String(spanOf(layout, key.startsWith('x') ? `yaxis${layout[key].anchor.slice(1)}` : key));
    const axes = axesOf(layout).filter((key) => !isScene(key) && layout[key].visible !== false);
    const said = axes.map((key) => {
      const row = axes
        .filter((other) => other[0] === key[0] && rowOf(other) === rowOf(key))
        .map((other) => layout[other]);
      const { title } = [layout[key], ...row].find((axis) => axis.title?.text) ?? layout[key];
      const showticklabels = row.some((axis) => axis.showticklabels !== false);
      return [key, { ...layout[key], title, showticklabels }];
    });
    return { ...layout, ...Object.fromEntries(said) };
  }

  /** Whether a chart has panels side by side, so that it has to be wide. */
  const isWide = (layout) => axesOf(layout).some((key) => !key.startsWith('y') && spanOf(layout, key)[0] > 0);

  /**
   * The chart with its columns one below the other, or so many `beside` each other, `gap` pixels between the rows: `height`
   * is that of all together.
   */
  function stacked({ layout, frames, ...rest }, columns, gap, height, beside) {
    const parts = columns.filter((_, i) => i % beside === 0).map((column) => column.height / height);
    const bottoms = parts.map((_, i) => parts.slice(i + 1).reduce((sum, part) => sum + part + gap / height, 0));
    const row = (column) => Math.floor(column / beside);
    const width = (1 - APART * (beside - 1)) / beside;
    const left = (column) => (column % beside) * (width + APART);
    const columnAt = (x) => columns.filter(({ span }, i) => i > 0 && x > (columns[i - 1].span[1] + span[0]) / 2).length;
    const part = ([from, to], x) => (x - from) / (to - from);
    const across = (column, x) => left(column) + width * part(columns[column].span, x);
    const down = (column, y) => y * parts[row(column)] + bottoms[row(column)];
    /** An axis' column, by its key: a vertical one stands where its horizontal one does. */
    const acrossOf = (key) => `xaxis${String(layout[key].anchor ?? key).replace(/^(x|yaxis|free)/, '')}`;
    const columnOf = (key) => columnAt(spanOf(layout, key.startsWith('y') ? acrossOf(key) : key)[0]);
    const place = (column, { x = [0, 1], y = [0, 1] }) => ({
      x: x.map((at) => across(column, at)),
      y: y.map((at) => down(column, at)),
    });
    const axes = axesOf(layout).map((key) => {
      const { domain } = layout[key];
      const placed = place(columnOf(key), isScene(key) ? (domain ?? {}) : { [key[0]]: domain });
      return [key, { ...layout[key], domain: isScene(key) ? placed : placed[key[0]] }];
    });
    /** What stands at a place of the paper goes with the panel that it stands at. */
    const moved = (one) => {
      const { xref = 'paper', yref = 'paper' } = one;
      const ref = xref === 'paper' ? yref : xref;
      const column = ref === 'paper' ? columnAt(one.x ?? one.x0) : columnOf(ref.replace(/^([xy])(\d*).*/, '$1axis$2'));
      const ways = [
        ...(xref === 'paper' ? ['x', 'x0', 'x1'].map((key) => [key, across]) : []),
        ...(yref === 'paper' ? ['y', 'y0', 'y1'].map((key) => [key, down]) : []),
      ];
      const changed = ways.filter(([key]) => key in one).map(([key, way]) => [key, way(column, one[key])]);
      return { ...one, ...Object.fromEntries(changed) };
    };
    const movedIn = (some) => {
      const lists = ['annotations', 'shapes'].filter((key) => some[key]);
      const { legend } = some;
      return {
        ...some,
        ...Object.fromEntries(lists.map((key) => [key, some[key].map(moved)])),
        ...(legend && legend.yref !== 'container' && { legend: moved(legend) }),
      };
    };
    return {
      ...rest,
      layout: movedIn({ ...layout, ...Object.fromEntries(axes) }),
      ...(frames && { frames: frames.map((one) => (one.layout ? { ...one, layout: movedIn(one.layout) } : one)) }),
    };
  }

  /** Pixels between two panels: the upper one's axis title and the lower one's heading need more where they have lines. */
  function between(layout, columns) {
    const [upper] = axesOf(layout).filter(
      (key) => key.startsWith('x') && spanOf(layout, key)[0] === columns[0].span[0],
    );
    const heading = (layout.annotations ?? []).filter(
      ({ xref, yref, x, y }) => xref === 'paper' && yref === 'paper' && x > columns[1].span[0] && y > 0.99,
    );
    const most = Math.max(0, ...heading.map(({ text }) => linesOf(text)));
    const { visible, title } = layout[upper] ?? {};
    return (visible === false ? BARE : BETWEEN + 17 * Math.max(0, linesOf(title?.text) - 1)) + 20 * most;
  }

  /** The chart as it is to be drawn in so many pixels. */
  window.fitChart = (wide, pixels) => {
    const found = columnsOf(wide.layout);
    if (pixels >= NARROW || wide.layout.width !== undefined || !wide.layout.margin || (isWide(wide.layout) && !found))
      return wide;
    const beside = found && isStrip(wide.layout, found) ? BESIDE : 1;
    const named = withoutEnds(wide);
    const payload = found ? { ...named, layout: spoken(named.layout) } : named;
    const { layout } = payload;
    const columns = beside > 1 ? found.map(({ span }) => ({ span, height: PICTURE })) : found;
    const { height } = layout;
    const margin = { ...layout.margin, ...(columns ? { r: 10 } : layout.scene && { l: 0, r: 0 }) };
    const { title, more } = titleIn(layout, pixels);
    const { legend, more: rows } = legendIn({ ...payload, layout: { ...layout, margin } }, pixels);
    const added = LINE * more + ROW * rows + (layout.updatemenus ? RAISED : 0);
    const lower = columns ? 0 : lowerBy(layout, pixels);
    const room = pixels - Math.max(margin.l, LEFT) - margin.r;
    const axes = axesOf(layout).filter((key) => !key.startsWith('y'));
    const fittedAxis = (key) => (isScene(key) ? sceneIn(layout[key]) : axisIn(layout[key], layout, room));
    const lined = { ...layout, ...Object.fromEntries(axes.map((key) => [key, fittedAxis(key)])) };
    const gap = columns && between(lined, columns);
    const rowsOf = columns && columns.filter((_, i) => i % beside === 0);
    const panels = columns && rowsOf.reduce((sum, column) => sum + column.height, gap * (rowsOf.length - 1));
    const all = columns ? panels + margin.t + margin.b + added : height + added - lower;
    /** What a slider says of its place is no longer than the slider. */
    const smaller = (slider) => ({
      ...slider,
      currentvalue: { ...slider.currentvalue, font: { ...slider.currentvalue?.font, size: 10 } },
    });
    /** An animation's buttons stand above what its slider says, not beside it, and from the left edge on. */
    const raised = (menu) => ({ ...menu, pad: { ...menu.pad, l: 10 - margin.l, b: (menu.pad?.b ?? 0) + RAISED } });
    const fitted = {
      ...lined,
      ...(layout.updatemenus && { updatemenus: layout.updatemenus.map(raised) }),
      ...(layout.sliders && { sliders: layout.sliders.map(smaller) }),
      title,
      height: all,
      margin: { ...margin, t: margin.t + added },
      ...(legend?.yref === 'container' && {
        legend: {
          ...legend,
          ...(margin.l === 0 && { xref: 'container', x: 12 / pixels }),
          y: 1 - ((1 - legend.y) * height + LINE * more) / all,
        },
      }),
    };
    const data = payload.data.map((trace) => traceIn(trace, layout, room));
    const drawn = { ...payload, data, layout: fitted };
    return columns ? stacked(drawn, columns, gap, panels, beside) : drawn;
  };

  /** Narrower than this a chart cannot be read: it scrolls sideways instead. */
  window.narrowestChart = (layout) => (isWide(layout) && !isPictures(layout) ? NARROW : 300);
})();
