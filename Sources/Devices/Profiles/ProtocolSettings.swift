public import Metrology

extension DeviceProfile {
    /// What the instrument needs in each of its protocols beside the place of a value; nil for those it does not speak.
    public struct ProtocolSettings: Sendable {
        public let dlt645: DLT645?
        public let cjt188: CJT188?
        public let mbus: MBus?
        public let text: Text?
        public let own: Own?

        public struct DLT645: Hashable, Sendable {
            /// Bytes FE before a request.
            public let wakeUp: Int
        }

        public struct CJT188: Hashable, Sendable {
            /// Data identifier of the reading, four hexadecimal digits, DI1 first.
            public let identifier: String
            /// Type bytes of the meters this is for.
            public let meterTypes: [UInt8]
            /// Bytes FE before a request.
            public let wakeUp: Int
            /// Units by the byte beside a value.
            public let units: [UInt8: MeasurementUnit]
        }

        /// The fixed header by which the instrument is known (EN 13757-3).
        public struct MBus: Hashable, Sendable {
            public let manufacturer: String?
            public let version, medium: UInt8?
            /// How many telegrams one answer takes.
            public let telegrams: Int
        }

        public struct Text: Hashable, Sendable {
            public let flavour: TextFlavour
            /// nil where there is no end mark.
            public let endOfCommand, endOfAnswer: String?
        }

        /// A protocol of the maker's own, in words.
        public struct Own: Hashable, Sendable {
            public let name: String
            public let frame: [String]
        }
    }
}
