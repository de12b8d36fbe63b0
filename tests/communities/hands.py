"""Two ways to use a page: with the mouse, or with nothing but the keyboard."""

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 250
# How often Tab has to be pressed at the least, as the elements stand in the page: asking after each press would
# take as long as pressing. Of radio buttons only one is a stop; they are not counted.
TABS_TO = """element => {
    const now = document.activeElement;
    if (now === element) {
        return 0;
    }
    // Where nothing has the focus, a browser may begin anywhere.
    if (now === document.body) {
        return 1;
    }
    const PLACES = "a[href], button, input:not([type=radio]), select, textarea";
    const are = Node.DOCUMENT_POSITION_FOLLOWING;
    const between = [...document.querySelectorAll(PLACES)].filter(place =>
        now.compareDocumentPosition(place) & are
        && place.compareDocumentPosition(element) & are
        && place.tabIndex >= 0
        && !place.matches(":disabled, [inert] *")
        && place.checkVisibility({visibilityProperty: true})
    );
    return between.length + 1;
}"""


class Mouse:
    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, field: Locator, label: str) -> None:
        field.select_option(label=label)

    def tick(self, box: Locator) -> None:
        box.check()

    def set_moment(self, field: Locator, moment: str) -> None:
        """`moment` as `2031-10-10T10:10`."""
        field.fill(moment)


class Keys:
    """Reaches everything by Tab from where the focus is, as somebody does who cannot use a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        self._reach(target)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self._reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        expect(field).to_have_value(text)

    def choose(self, field: Locator, label: str) -> None:
        self._reach(field)
        self.page.keyboard.press("Home")
        for _option in range(field.locator("option").count()):
            if field.evaluate("list => list.selectedOptions[0].textContent.trim()") == label:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no such choice: {label}")

    def tick(self, box: Locator) -> None:
        self._reach(box)
        if not box.is_checked():
            self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def set_moment(self, field: Locator, moment: str) -> None:
        """Day and month, and hour and minute, must be the same: browsers differ in their order."""
        day, time = moment.split("T")
        year, month, same_day = day.split("-")
        hour, minute = time.split(":")
        assert (month, hour) == (same_day, minute)
        self._reach(field)
        self.page.keyboard.type(same_day + month + year)
        self.page.keyboard.press("ArrowRight")
        self.page.keyboard.type(hour + minute + "AM")
        expect(field).to_have_value(moment)

    def _reach(self, target: Locator) -> None:
        target.wait_for()
        element = target.element_handle()
        pressed = 0
        while pressed < MOST_TABS:
            tabs = element.evaluate(TABS_TO)
            if tabs == 0:
                return
            for _tab in range(tabs):
                self.page.keyboard.press("Tab")
            pressed += tabs
        raise AssertionError(f"not reached with {MOST_TABS} tabs: {target}")
