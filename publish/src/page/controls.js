/* global document, MouseEvent */
// Plotly draws its buttons and its slider for the mouse and the finger: here they come within the keyboard's reach.
(() => {
  const describe = (element, attributes) =>
    Object.entries({ tabindex: '0', ...attributes }).forEach(([name, value]) => element.setAttribute(name, value));

  function reachButtons(target) {
    for (const button of target.querySelectorAll('.updatemenu-button:not([tabindex])')) {
      const text = button.textContent.trim();
      describe(button, { role: 'button', 'aria-label': { '‹': 'One frame back', '›': 'One frame on' }[text] ?? text });
      button.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        button.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      });
    }
  }

  /** Which step a key leads to; undefined for a key that is none of the slider's. */
  const leadsTo = (key, active, last) =>
    ({
      ArrowRight: active + 1,
      ArrowUp: active + 1,
      ArrowLeft: active - 1,
      ArrowDown: active - 1,
      PageUp: active + 5,
      PageDown: active - 5,
      Home: 0,
      End: last,
    })[key];

  function reachSliders(target, Plotly) {
    target.querySelectorAll('.slider-group').forEach((element, i) => {
      const { steps, active = 0 } = target.layout.sliders[i];
      const last = steps.length - 1;
      const isNew = !element.hasAttribute('tabindex');
      describe(element, {
        role: 'slider',
        'aria-label': 'Frame',
        'aria-valuemin': 0,
        'aria-valuemax': last,
        'aria-valuenow': active,
        'aria-valuetext': steps[active].label ?? String(active),
      });
      if (isNew)
        element.addEventListener('keydown', (event) => {
          const next = leadsTo(event.key, target.layout.sliders[i].active ?? 0, last);
          if (next === undefined) return;
          event.preventDefault();
          const step = steps[Math.max(0, Math.min(last, next))];
          Plotly[step.method](target, ...step.args);
        });
    });
  }

  /** Plotly's bar of tools is one stop on the way through the page; in it the arrows lead from tool to tool. */
  function reachTools(target) {
    const tools = [...target.querySelectorAll('.modebar-btn')];
    const bar = tools[0]?.closest('.modebar');
    if (!bar || 'tools' in bar.dataset) return;
    bar.dataset.tools = tools.length;
    bar.setAttribute('role', 'toolbar');
    bar.setAttribute('aria-label', 'Tools of the chart');
    tools.forEach((tool, i) => (tool.tabIndex = i === 0 ? 0 : -1));
    bar.addEventListener('keydown', (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const to = by && tools[(tools.indexOf(document.activeElement) + by + tools.length) % tools.length];
      if (!to) return;
      event.preventDefault();
      tools.forEach((tool) => (tool.tabIndex = tool === to ? 0 : -1));
      to.focus();
    });
  }

  /** Goes one frame back or on, as the buttons of that name ask. */
  function step(target, Plotly, { name }) {
    const by = { back: -1, forth: 1 }[name];
    const { steps, active = 0 } = target.layout.sliders?.[0] ?? {};
    const next = by && steps?.[active + by];
    if (next) Plotly[next.method](target, ...next.args);
  }

  document.addEventListener('live', ({ detail: { target, Plotly } }) => {
    const reach = () => {
      reachTools(target);
      reachButtons(target);
      reachSliders(target, Plotly);
    };
    reach();
    target.on('plotly_buttonclicked', ({ button }) => step(target, Plotly, button));
    for (const event of ['afterplot', 'animatingframe', 'animated']) target.on(`plotly_${event}`, reach);
  });
})();
