import DataFiles

/// The page that lists every profile: what there is, how far it can be trusted, what is still open.
public enum ProfileCatalogue {
    /// Every profile under `folder`, by name.
    ///
    /// - Throws: `DataFileError` for the first faulty file.
    public static func profiles(in folder: String) throws -> [DeviceProfile] {
        try DeviceProfile.all(in: folder).map { try DeviceProfile.load("\(folder)/\($0).yaml", name: $0) }
    }

    /// The page in Markdown: figures, then one table for each kind of instrument.
    public static func markdown(_ profiles: [DeviceProfile]) -> String {
        let products = profiles.filter { $0.confidence != .demonstration }
        let channels = products.reduce(0) { $0 + $1.channels.count }
        let checked = products.count { $0.confidence == .crossChecked }
        let confirmed = products.count { !$0.confirmedOnHardware.isEmpty }
        var page = """
            # Instruments

            Made from the profiles in `Devices` by `steelyard device profile --catalogue`; a test holds it current.

            \(products.count) profiles with \(channels) channels: \(checked) cross-checked, \
            \(products.count - checked) found in one source, \(confirmed) confirmed on hardware. \
            \(profiles.count - products.count) more describe the simulated bench.

            - *cross-checked*: at least one complete group of channels agrees in two sources written independently.
            - *found*: one source.
            - *confirmed*: somebody read the instrument itself with this profile. Until then compare the first values \
            with its display.
            - *probe*: the sources disagree, and the instrument itself decides, by a value that must be plausible. \
            Until it has, the channels concerned are refused. *Person* marks what only a look at the display settles.
            - A profile with a protocol of its maker's own is shown, and not read over a line.

            | protocol | profiles |
            |---|---|

            """
        for kind in DeviceProtocol.allCases {
            let count = products.count { $0.protocols.contains(kind) }
            if count > 0 { page += "| \(kind.rawValue) | \(count) |\n" }
        }
        for kind in Set(profiles.map(\.kind)).sorted() {
            page += """

                ## \(kind.prefix(1).uppercased() + kind.dropFirst())

                | maker | models | profile | protocols | channels | confidence | confirmed | conflicts | settled by |
                |---|---|---|---|---|---|---|---|---|

                """
            for profile in profiles where profile.kind == kind { page += row(profile) }
        }
        return page
    }

    private static func row(_ profile: DeviceProfile) -> String {
        let probes = profile.probes.map { "\($0.evidence.isEmpty ? "person" : "probe"): \($0.name)" }
        let cells = [
            profile.maker, profile.models.joined(separator: ", "), "`\(profile.name)`", profile.protocols.words,
            "\(profile.channels.count)", profile.confidence.rawValue,
            profile.confirmedOnHardware.isEmpty ? "no" : profile.confirmedOnHardware.joined(separator: "; "),
            profile.conflicts.isEmpty ? "" : "\(profile.conflicts.count)", probes.joined(separator: ", "),
        ]
        let escaped = cells.map { $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }
        return "| " + escaped.joined(separator: " | ") + " |\n"
    }
}
