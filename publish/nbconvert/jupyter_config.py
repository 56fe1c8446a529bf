"""Settings of every program of Jupyter's in the project's environment, put there by the set-up.

nbconvert's pages have no alternative text for a chart's still, though the notebook has one: only its oldest template looks
for it. With these settings the still comes as the HTML of an image that has it, whatever the template.
"""

from html import escape

PNG = "image/png"


def describe_stills(notebook, resources):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            about = output.get("metadata", {}).get(PNG, {})
            if PNG not in data or "text/html" in data or "alt" not in about:
                continue
            image = "".join(data[PNG]).strip()
            size = "".join(f' {name}="{escape(str(about[name]))}"' for name in ("width", "height") if name in about)
            data["text/html"] = f'<img alt="{escape(about["alt"])}" src="data:{PNG};base64,{escape(image)}"{size}>'
    return notebook, resources


c.HTMLExporter.preprocessors.append(describe_stills)  # noqa: F821 - c is there when Jupyter reads this.
