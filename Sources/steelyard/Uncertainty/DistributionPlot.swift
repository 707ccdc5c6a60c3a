import Foundation
import Metrology

/// Histogram and cumulative curve of every output of a Monte Carlo run, as one SVG.
struct DistributionPlot {
    private let evaluation: ModelEvaluation

    /// - Parameter evaluation: with a run that kept every trial.
    init(_ evaluation: ModelEvaluation) {
        self.evaluation = evaluation
    }

    private static let width = 760.0
    private static let panel = 300.0
    private static let left = 70.0
    private static let right = 50.0
    private static let top = 46.0
    private static let bottom = 46.0
    private static let bars = 80

    var svg: String {
        let outputs = evaluation.drawn?.outputs ?? []
        let height = Self.panel * Double(max(1, outputs.count))
        let panels = outputs.indices.map { panel($0, top: Self.panel * Double($0)) }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.number(Self.width)) \(Self.number(height))" \
            font-family="Noto Sans, Noto Sans CJK SC, sans-serif" font-size="12" fill="#1b2430">
            <rect width="100%" height="100%" fill="#ffffff"/>
            \(panels.joined(separator: "\n"))
            </svg>

            """
    }

    private func panel(_ index: Int, top: Double) -> String {
        guard let drawn = evaluation.drawn else { return "" }
        let output = drawn.outputs[index]
        let trials = output.trials
        // All but one in two thousand at each end, so that a heavy tail does not squeeze the rest to a line.
        let cut = trials.count / 2000
        guard let low = trials.dropFirst(cut).first, let high = trials.dropLast(cut).last, high > low else {
            return text(
                Self.width / 2, top + 40, "\(output.name): every trial gave \(BudgetNumbers.shortest(output.mean))")
        }
        let frame = (
            x: Self.left, y: top + Self.top, width: Self.width - Self.left - Self.right,
            height: Self.panel - Self.top - Self.bottom
        )
        func x(_ value: Double) -> Double { frame.x + frame.width * (value - low) / (high - low) }

        var counts = [Int](repeating: 0, count: Self.bars)
        for value in trials where value >= low && value <= high {
            counts[min(Self.bars - 1, Int(Double(Self.bars) * (value - low) / (high - low)))] += 1
        }
        let tallest = Double(counts.max() ?? 1)
        let bars = counts.enumerated().map { place, count in
            let height = frame.height * Double(count) / tallest
            let step = frame.width / Double(Self.bars)
            return rectangle(
                frame.x + step * Double(place), frame.y + frame.height - height, step * 0.92, height, "#9db8d9")
        }
        let curve = (0...200).map { step -> String in
            let rank = Double(trials.count - 1) * Double(step) / 200
            let value = min(high, max(low, trials[Int(rank)]))
            return "\(Self.number(x(value))),\(Self.number(frame.y + frame.height * (1 - Double(step) / 200)))"
        }
        var parts = bars
        parts.append(
            "<polyline points=\"\(curve.joined(separator: " "))\" fill=\"none\" stroke=\"#1f4e8c\" stroke-width=\"1.6\"/>"
        )
        for interval in output.intervals {
            for (end, isDashed) in [
                (interval.symmetric.low, false), (interval.symmetric.high, false), (interval.shortest.low, true),
                (interval.shortest.high, true),
            ] where end >= low && end <= high {
                parts.append(
                    "<line x1=\"\(Self.number(x(end)))\" x2=\"\(Self.number(x(end)))\" y1=\"\(Self.number(frame.y))\" "
                        + "y2=\"\(Self.number(frame.y + frame.height))\" stroke=\"#b3541e\""
                        + (isDashed ? " stroke-dasharray=\"4 3\"/>" : "/>"))
            }
        }
        parts.append(
            "<path d=\"M\(Self.number(frame.x)) \(Self.number(frame.y))v\(Self.number(frame.height))h\(Self.number(frame.width))"
                + "v-\(Self.number(frame.height))\" fill=\"none\" stroke=\"#5b6675\"/>")
        for step in 0...4 {
            let value = low + (high - low) * Double(step) / 4
            parts.append(
                text(x(value), frame.y + frame.height + 16, BudgetNumbers.toThePlace(value, of: (high - low) / 10)))
        }
        for step in 0...2 {
            let y = frame.y + frame.height * (1 - Double(step) / 2)
            parts.append(text(frame.x + frame.width + 6, y + 4, "\(step * 50) %", anchor: "start"))
        }
        let unit = evaluation.model.outputs[index].unit
        parts.append(
            text(
                Self.width / 2, top + 18,
                "\(output.name)\(unit == .one ? "" : " / \(unit.symbol)"): \(drawn.trials) trials, seed \(drawn.seed)",
                size: 14))
        parts.append(
            text(
                Self.width / 2, top + 36,
                "bars: frequency; curve: cumulative (right scale); lines: symmetric, dashed: shortest interval"))
        return parts.joined(separator: "\n")
    }

    private func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ fill: String) -> String {
        "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
            + "height=\"\(Self.number(height))\" fill=\"\(fill)\"/>"
    }

    private func text(_ x: Double, _ y: Double, _ text: String, anchor: String = "middle", size: Int = 12) -> String {
        let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        return
            "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor)\" font-size=\"\(size)\">\(escaped)</text>"
    }

    private static func number(_ value: Double) -> String { String(format: "%.2f", value) }
}
